#include "kernel/address_commands.hpp"

#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

class AddressCommands : public SwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped() || !host_) return;
    vm1_ = add_host(1);
    vm2_ = add_host(2);
    plug(1);
    plug(2, 7);
    converge();
    add_address_commands(table_, *host_);
  }

  std::string say(std::string_view command, std::vector<std::string> arguments) {
    Result<std::string> answer;
    switch_->inside([&] { answer = table_.run(command, arguments); });
    return answer ? *answer : "error: " + answer.error().details;
  }

  static constexpr std::string_view heading_ = " port  VLAN  MAC                Age\n";
  std::unique_ptr<TestNamespace> vm1_, vm2_;
  unixctl::CommandTable table_;
};

TEST_F(AddressCommands, show_what_was_learned_and_forget_it) {
  vm1_->run("ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:99 dev eth0; ping -c1 -W1 10.0.0.9 >/dev/null || true");
  const std::string mac = "52:54:00:00:00:01";
  const auto shown = say("fdb/show", {"lu-br0"});
  EXPECT_TRUE(shown.starts_with(heading_)) << shown;
  EXPECT_TRUE(shown.contains(fmt::format("     0  {}    ", mac))) << shown;
  EXPECT_EQ(say("fdb/flush", {"lu-br0"}), "table successfully flushed");
  EXPECT_FALSE(say("fdb/show", {"lu-br0"}).contains(mac));
}

TEST_F(AddressCommands, put_addresses_that_stay_until_they_are_removed) {
  EXPECT_EQ(say("fdb/add", {"lu-br0", "vm2", "7", "02:00:00:00:00:05"}), "");
  EXPECT_EQ(say("fdb/add", {"lu-br0", "lu-br0", "0", "02:00:00:00:00:06"}), "");
  EXPECT_EQ(say("fdb/flush", {}), "table successfully flushed");
  const auto shown = say("fdb/show", {"lu-br0"});
  EXPECT_TRUE(shown.starts_with(fmt::format("{}LOCAL     0  02:00:00:00:00:06  static\n", heading_))) << shown;
  EXPECT_TRUE(shown.contains("     7  02:00:00:00:00:05  static\n")) << shown;
  EXPECT_EQ(say("fdb/del", {"lu-br0", "7", "02:00:00:00:00:05"}), "");
  EXPECT_EQ(say("fdb/del", {"lu-br0", "7", "02:00:00:00:00:05"}), "error: could not find static mac entry");
}

TEST_F(AddressCommands, count_what_becomes_of_addresses) {
  const auto statistics = [](int now, int fixed, int learned) {
    return fmt::format(
        "Statistics for bridge \"lu-br0\":\n"
        "  Current/maximum MAC entries in the table: {}/8192\n"
        "  Current static MAC entries in the table : {}\n"
        "  Total number of learned MAC entries     : {}\n"
        "  Total number of expired MAC entries     : 0\n"
        "  Total number of evicted MAC entries     : 0\n"
        "  Total number of port moved MAC entries  : 0\n",
        now, fixed, learned);
  };
  const auto silent = [](const TestNamespace& host) {
    host.must_run("file=/proc/sys/net/ipv6/conf/eth0/disable_ipv6; [ ! -e $file ] || echo 1 > $file");
  };
  silent(*vm1_);
  silent(*vm2_);
  say("fdb/flush", {});
  EXPECT_EQ(say("fdb/stats-clear", {}), "statistics successfully cleared");
  EXPECT_EQ(say("fdb/stats-show", {"lu-br0"}), statistics(0, 0, 0));
  say("fdb/add", {"lu-br0", "vm1", "0", "02:00:00:00:00:05"});
  EXPECT_EQ(say("fdb/stats-show", {"lu-br0"}), statistics(1, 1, 0));
  vm1_->run("ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:99 dev eth0; ping -c1 -W1 10.0.0.9 >/dev/null || true");
  EXPECT_EQ(say("fdb/stats-show", {"lu-br0"}), statistics(2, 1, 1));
  say("fdb/flush", {"lu-br0"});
  EXPECT_EQ(say("fdb/stats-show", {"lu-br0"}), statistics(1, 1, 1));
  EXPECT_EQ(say("fdb/stats-clear", {"lu-br0"}), "statistics successfully cleared");
  EXPECT_EQ(say("fdb/stats-show", {"lu-br0"}), statistics(1, 1, 0));
}

TEST_F(AddressCommands, say_what_they_do_not_know) {
  EXPECT_EQ(say("fdb/stats-show", {"nope"}), "error: no such bridge");
  EXPECT_EQ(say("fdb/stats-clear", {"nope"}), "error: no such bridge");
  EXPECT_EQ(say("fdb/show", {"nope"}), "error: no such bridge");
  EXPECT_EQ(say("fdb/flush", {"nope"}), "error: no such bridge");
  EXPECT_EQ(say("fdb/add", {"lu-br0", "nope", "0", "02:00:00:00:00:05"}),
            "error: \"nope\" is no port of bridge lu-br0");
  EXPECT_EQ(say("fdb/add", {"lu-br0", "vm1", "4096", "02:00:00:00:00:05"}),
            "error: bad VLAN \"4096\": 0 for untagged, or a number up to 4095");
  EXPECT_EQ(say("fdb/add", {"lu-br0", "vm1", "0", "zz"}), "error: bad MAC address");
}

}  // namespace
}  // namespace weft::kernel
