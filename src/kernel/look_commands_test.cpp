#include "kernel/look_commands.hpp"

#include "base/json.hpp"
#include "kernel/counters.hpp"
#include "kernel/test_wire.hpp"
#include "wire/ethernet.hpp"

namespace weft::kernel {
namespace {

// Hosts 1 and 2 in VLAN 10, 3 in VLAN 20; lu-br0 itself is a trunk, and down.
class LookCommands : public SwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped() || !host_) return;
    for (int number = 1; number <= 3; ++number) {
      hosts_.push_back(add_host(number));
      plug(number, number == 3 ? 20 : 10);
    }
    converge();
    observe();
    add_look_commands(table_, *host_);
  }

  json::object ask(std::string_view command, std::vector<std::string> arguments) {
    Result<std::string> answer;
    switch_->inside([&] { answer = table_.run(command, arguments); });
    if (!answer) return {{"error", answer.error().details}};
    return parse_json(*answer).value().as_object();
  }
  json::object trace(const std::string& port, const std::string& frame) {
    return ask("weft/trace", {"lu-br0", port, frame});
  }
  static std::vector<std::string> decisions_of(const json::object& report) {
    std::vector<std::string> all;
    for (const auto& one : report.at("decisions").as_array()) {
      const auto& decision = one.as_object();
      const auto* port = decision.if_contains("port");
      all.push_back(fmt::format("{}{}", std::string(decision.at("decision").as_string()),
                                port != nullptr ? " " + std::string(port->as_string()) : ""));
    }
    return all;
  }

  std::vector<std::unique_ptr<TestNamespace>> hosts_;
  unixctl::CommandTable table_;
  const std::string to_all_ = "52:54:00:00:00:01 > broadcast arp who-has 10.0.0.2 tell 10.0.0.1";
};

TEST_F(LookCommands, trace_a_flood) {
  const auto report = trace("vm1", to_all_);
  auto decisions = decisions_of(report);
  std::ranges::sort(decisions.begin() + 5, decisions.end());
  EXPECT_EQ(decisions,
            (std::vector<std::string>{"entered vm1", "vlan vm1", "learned vm1", "to-many vm1", "flood vm1",
                                      "copy-to lu-br0", "copy-to vm2", "not-back vm1", "other-vlan vm3", "tag-added"}));
  EXPECT_EQ(report.at("frame"), "52:54:00:00:00:01 > ff:ff:ff:ff:ff:ff arp who-has 10.0.0.2 tell 10.0.0.1");
  EXPECT_EQ(report.at("bytes"), 42);
  EXPECT_EQ(report.at("remarks"), (json::array{"lu-br0 is down: it loses the frame"}));
}

TEST_F(LookCommands, trace_without_a_trace_left_behind) {
  trace("vm1", to_all_);
  EXPECT_EQ(host_->addresses().value(), std::vector<Address>{});
  EXPECT_EQ(ask("weft/drops", {}).at("drops"), json::array{});
  TestWire wire(*hosts_[1], "eth0");
  wire.discard();
  trace("vm1", "52:54:00:00:00:01 > broadcast");
  EXPECT_EQ(wire.take(), TestFrames{});
}

TEST_F(LookCommands, trace_what_is_learned_and_a_tagged_frame_that_is_dropped) {
  TestWire(*hosts_[1], "eth0").send({.from = host_mac(2), .to = broadcast_mac});
  const auto known = trace("vm1", "52:54:00:00:00:01 > 52:54:00:00:00:02");
  EXPECT_EQ(known.at("sent-to"), json::array{"vm2"});
  EXPECT_EQ(decisions_of(known).back(), "sent-to-peer vm2");
  const auto dropped = trace("vm1", "52:54:00:00:00:01 > 52:54:00:00:00:02 vlan 10");
  EXPECT_EQ(dropped.at("sent-to"), json::array{});
  EXPECT_EQ(dropped.at("decisions").as_array().back(),
            (json::object{{"decision", "dropped"},
                          {"port", "vm1"},
                          {"reason", "tagged-on-access"},
                          {"text", fmt::format("counted at vm1: {}", text_of(WEFT_DROP_TAGGED_ON_ACCESS))}}));
}

TEST_F(LookCommands, trace_frames_up_to_the_largest) {
  const auto of_size = [&](std::size_t bytes) {
    return trace("vm1", fmt::format("52:54:00:00:00:01 > broadcast len {}", bytes - ethernet_header_bytes));
  };
  EXPECT_TRUE(of_size(ethernet_header_bytes).contains("decisions"));
  EXPECT_TRUE(of_size(max_traced_frame_bytes).contains("decisions"));
  EXPECT_EQ(of_size(max_traced_frame_bytes + 1).at("error"), "the frame has 3501 bytes; it can have 14 to 3500");
}

TEST_F(LookCommands, count_drops_by_port_and_reason) {
  TestWire(*hosts_[0], "eth0").send({.from = broadcast_mac, .to = host_mac(2)});
  const auto drops = ask("weft/drops", {"vm1"}).at("drops").as_array();
  ASSERT_EQ(drops.size(), 1U);
  EXPECT_EQ(drops[0], (json::object{{"bridge", "lu-br0"},
                                    {"port", "vm1"},
                                    {"reason", "bad-source"},
                                    {"text", text_of(WEFT_DROP_BAD_SOURCE)},
                                    {"frames", 1}}));
  EXPECT_EQ(ask("weft/drops", {"vm2"}).at("drops"), json::array{});
  EXPECT_EQ(ask("weft/drops", {"lu-br0"}).at("drops").as_array().size(), 1U);
}

TEST_F(LookCommands, tell_of_ports_as_of_this_moment) {
  const auto frames = [&] {
    return ask("weft/ports", {"vm1"}).at("ports").as_array().at(0).as_object().at("rx").as_object().at("frames");
  };
  const auto before = frames().to_number<int>();
  TestWire(*hosts_[0], "eth0").send({.from = host_mac(1), .to = broadcast_mac});
  EXPECT_EQ(frames().to_number<int>(), before + 1);
  const auto all = ask("weft/ports", {}).at("ports").as_array();
  EXPECT_EQ(all.size(), 4U);
  const auto& first = all.at(0).as_object();
  EXPECT_EQ(first.at("bridge"), "lu-br0");
  EXPECT_EQ(first.at("attached"), true);
}

TEST_F(LookCommands, say_what_they_do_not_know_and_what_was_meant) {
  EXPECT_EQ(ask("weft/ports", {"vm9"}).at("error"), "no bridge or port \"vm9\"; did you mean \"vm1\"?");
  EXPECT_EQ(ask("weft/drops", {"lu-br"}).at("error"), "no bridge or port \"lu-br\"; did you mean \"lu-br0\"?");
  EXPECT_EQ(ask("weft/trace", {"br7", "vm1", to_all_}).at("error"), "no bridge \"br7\"; there is lu-br0");
  EXPECT_EQ(trace("vmm1", to_all_).at("error"), "bridge lu-br0 has no port \"vmm1\"; did you mean \"vm1\"?");
  EXPECT_EQ(trace("vm1", "52").at("error"),
            "1 bytes are less than an Ethernet header, which has 14, and 4 more for each VLAN tag");
}

}  // namespace
}  // namespace weft::kernel
