// What the kernel tells by itself is enough: after it the host knows what a look at everything would find.
#include <sys/socket.h>

#include <random>

#include "kernel/test_network.hpp"
#include "plan/diff.hpp"

namespace weft::kernel {
namespace {

using Depth = reconcile::Host::Depth;

class KernelHostNewsTest : public SwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped()) return;
    switch_->must_run("ip link add v1 type veth peer name p1; ip link add v2 type veth peer name p2");
    port("v1") = {.ofport = 1};
    converge();
  }

  model::Scope look(Depth depth) {
    model::Scope changed;
    switch_->inside([&] {
      auto looked = host_->look(depth);
      ASSERT_TRUE(looked) << looked.error().details;
      changed = *std::move(looked);
    });
    return changed;
  }
  // Runs a command; what the host then knows by news alone, which must be all there is to know.
  model::Observed after(const std::string& command) {
    const auto before = host_->observed();
    switch_->run(command);
    const auto changed = look(Depth::news);
    const auto told = host_->observed();
    look(Depth::everything);
    const auto missed = model::difference(told, host_->observed());
    EXPECT_EQ(missed, model::Scope{}) << "not told after: " << command << "\n" << names(missed);
    // Whoever keeps up by what is said to have changed has it all.
    auto unnamed = model::difference(before, told);
    std::erase_if(unnamed.devices, [&](const auto& name) { return changed.devices.contains(name); });
    std::erase_if(unnamed.ports, [&](int ifindex) { return changed.ports.contains(ifindex); });
    EXPECT_EQ(unnamed, model::Scope{}) << "not named after: " << command << "\n" << names(unnamed);
    return told;
  }
  static std::string names(const model::Scope& scope) {
    return fmt::format("devices {}; ports {}", fmt::join(scope.devices, " "), fmt::join(scope.ports, " "));
  }
};

TEST_F(KernelHostNewsTest, tell_a_device_that_comes) {
  const auto observed = after("ip link add new type veth peer name newp");
  EXPECT_TRUE(observed.links.contains("new"));
  EXPECT_TRUE(observed.links.contains("newp"));
}

TEST_F(KernelHostNewsTest, tell_a_device_that_goes) {
  const auto ifindex = host_->observed().links.at("v1").ifindex;
  const auto observed = after("ip link delete v1");
  EXPECT_FALSE(observed.links.contains("v1"));
  EXPECT_EQ(observed.ports.at(ifindex).device, "");
}

TEST_F(KernelHostNewsTest, tell_a_device_that_is_renamed) {
  const auto ifindex = host_->observed().links.at("v1").ifindex;
  const auto observed = after("ip link set v1 name other");
  EXPECT_FALSE(observed.links.contains("v1"));
  EXPECT_EQ(observed.links.at("other").ifindex, ifindex);
  EXPECT_EQ(observed.ports.at(ifindex).device, "other");
}

TEST_F(KernelHostNewsTest, tell_names_that_are_exchanged) {
  const auto v1 = host_->observed().links.at("v1").ifindex;
  const auto observed = after("ip link set v1 name x; ip link set v2 name v1; ip link set x name v2");
  EXPECT_EQ(observed.links.at("v2").ifindex, v1);
  EXPECT_EQ(observed.ports.at(v1).device, "v2");
}

TEST_F(KernelHostNewsTest, tell_mtu_address_and_state) {
  EXPECT_EQ(after("ip link set v1 mtu 1400").links.at("v1").mtu_bytes, 1400U);
  EXPECT_EQ(after("ip link set v1 address 02:00:00:00:00:09").links.at("v1").mac.to_string(), "02:00:00:00:00:09");
  EXPECT_TRUE(after("ip link set v1 up").links.at("v1").admin_up);
  EXPECT_FALSE(after("ip link set v1 down").links.at("v1").admin_up);
}

TEST_F(KernelHostNewsTest, tell_a_filter_that_somebody_removes) {
  const auto ifindex = host_->observed().links.at("v1").ifindex;
  EXPECT_TRUE(host_->observed().ports.at(ifindex).attached);
  EXPECT_FALSE(after("tc qdisc delete dev v1 clsact").ports.at(ifindex).attached);
  converge();
  EXPECT_TRUE(host_->observed().ports.at(ifindex).attached);
  EXPECT_FALSE(after("tc filter delete dev v1 ingress").ports.at(ifindex).attached);
}

TEST_F(KernelHostNewsTest, tell_promiscuity_that_somebody_takes_away) {
  const auto ifindex = host_->observed().links.at("v1").ifindex;
  EXPECT_FALSE(after("ip link set v1 promisc off").ports.at(ifindex).promiscuous);
}

TEST_F(KernelHostNewsTest, tell_where_the_other_end_of_a_device_goes) {
  const TestNamespace elsewhere;
  const auto there = fmt::format("/proc/{}/fd/{}", ::getpid(), elsewhere.fd());
  EXPECT_TRUE(after("ip link set p1 netns " + there).links.at("v1").peer_in_other_namespace);
  elsewhere.must_run(fmt::format("ip link set p1 netns /proc/{}/fd/{}", ::getpid(), switch_->fd()));
  EXPECT_FALSE(after("true").links.at("v1").peer_in_other_namespace);
  EXPECT_TRUE(host_->observed().links.contains("p1"));
}

TEST_F(KernelHostNewsTest, tell_nothing_of_a_device_that_joins_a_linux_bridge_but_that_it_is_promiscuous) {
  after("ip link add linux-br type bridge");
  const auto observed = after("ip link set v2 master linux-br");
  EXPECT_TRUE(observed.links.contains("v2"));
  EXPECT_TRUE(after("ip link set v2 nomaster").links.contains("v2"));
}

TEST_F(KernelHostNewsTest, are_replaced_by_a_look_at_everything_where_they_were_lost) {
  const int smallest = 1;
  ASSERT_EQ(::setsockopt(host_->news_fd(), SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest), 0);
  const auto observed = after(
      "for i in $(seq 20); do ip link set v1 mtu $((1300 + i)); done; tc qdisc delete dev v1 clsact;"
      "ip link delete v2; ip link add v3 type veth peer name p3");
  EXPECT_EQ(observed.links.at("v1").mtu_bytes, 1320U);
  EXPECT_FALSE(observed.ports.at(observed.links.at("v1").ifindex).attached);
  EXPECT_FALSE(observed.links.contains("v2"));
  EXPECT_TRUE(observed.links.contains("v3"));
}

TEST_F(KernelHostNewsTest, name_nothing_where_nothing_changed) {
  EXPECT_EQ(look(Depth::news), model::Scope{});
  EXPECT_EQ(host_->observed(), observe());
}

TEST_F(KernelHostNewsTest, let_steps_converge_without_a_look_at_everything) {
  look(Depth::news);
  plan::Differ differ;
  model::Scope scope;
  scope.add(desired_);
  scope.add(host_->observed());
  switch_->must_run("ip link set v2 name v5; tc qdisc delete dev v1 clsact; ip link set lu-br0 mtu 1000");
  for (const auto* device : {"v5", "v6"}) port(device) = {.ofport = 7};
  desired_.devices["in0"] = {.bridge = "lu-br0", .port = model::Port{.ofport = 9}, .made = model::InternalDevice{}};
  scope.add(desired_);
  for (int round = 0; round < 3; ++round) {
    scope.add(look(Depth::news));
    for (const auto& step : differ.diff(desired_, host_->observed(), scope)) apply(step);
  }
  scope.add(look(Depth::news));
  EXPECT_EQ(differ.diff(desired_, host_->observed(), scope), plan::Steps{});
  EXPECT_EQ(plan::diff(desired_, observe()), plan::Steps{});
}

TEST_F(KernelHostNewsTest, tell_all_of_whatever_an_operator_does) {
  const TestNamespace elsewhere;
  const auto there = fmt::format("/proc/{}/fd/{}", ::getpid(), elsewhere.fd());
  std::mt19937 random(std::random_device{}());
  const auto device = [&] { return fmt::format("{}{}", random() % 2 == 0 ? "v" : "p", random() % 4); };
  const auto command = [&]() -> std::string {
    const auto one = device();
    switch (random() % 10) {
      case 0:
        return fmt::format("ip link add {} type veth peer name {}", one, device());
      case 1:
        return "ip link delete " + one;
      case 2:
        return fmt::format("ip link set {} name {}", one, device());
      case 3:
        return fmt::format("ip link set {} mtu {}", one, 1300 + random() % 5);
      case 4:
        return fmt::format("ip link set {} {}", one, random() % 2 == 0 ? "up" : "down");
      case 5:
        return fmt::format("ip link set {} netns {}", one, there);
      case 6:
        return fmt::format("tc qdisc delete dev {} clsact", one);
      case 7:
        return fmt::format("ip link set {} promisc off", one);
      case 8:
        return fmt::format("ip link set {} address 02:00:00:00:00:0{}", one, random() % 5);
      default:
        return fmt::format("ip link set {} alias a{}", one, random() % 3);
    }
  };
  std::string history;
  for (int round = 0; round < 60 && !HasFailure(); ++round) {
    std::string commands;
    for (unsigned count = random() % 4; count > 0; --count) commands += command() + " 2> /dev/null; ";
    history += commands + "\n";
    after(commands + "true");
    // Carrier follows some time after its cause, and would be a difference by itself.
    if (random() % 3 == 0) converge();
  }
  if (HasFailure()) ADD_FAILURE() << history;
}

}  // namespace
}  // namespace weft::kernel
