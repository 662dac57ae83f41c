// Tunnel ports against plain kernel vxlan devices at the other end.
#include <arpa/inet.h>
#include <sys/socket.h>

#include "kernel/test_network.hpp"
#include "kernel/test_wire.hpp"
#include "plan/diff.hpp"

namespace weft::kernel {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

class TunnelTest : public SwitchTest {
 protected:
  void SetUp() override {
    SwitchTest::SetUp();
    if (IsSkipped()) return;
    // An underlay with room for several hosts: 172.16.0.N and fd00::N, the switch is 1.
    switch_->must_run(
        "ip link add under type bridge; echo 0 > /proc/sys/net/ipv6/conf/under/disable_ipv6;"
        "echo 0 > /proc/sys/net/ipv6/conf/under/accept_dad;"
        "ip link set under up; ip address add 172.16.0.1/24 dev under; ip address add fd00::1/64 dev under nodad");
    vm1_ = add_host(1);
    plug(1);
  }

  // Another host on the underlay, whose device `vx` of the kernel, 10.0.0.NUMBER, has these options.
  std::unique_ptr<TestNamespace> add_far(int number, const std::string& options) {
    auto far = std::make_unique<TestNamespace>();
    switch_->must_run(fmt::format(
        "ip link add far{} type veth peer name eth0 netns /proc/{}/fd/{}; ip link set far{} master under up", number,
        ::getpid(), far->fd(), number));
    far->must_run(fmt::format(
        "echo 0 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6; echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad;"
        "ip link set eth0 up; ip address add 172.16.0.{0}/24 dev eth0; ip address add fd00::{0}/64 dev eth0 nodad;"
        "ip link add vx type vxlan {1}; ip link set vx address 52:54:00:00:00:{0:02x} up; ip address add 10.0.0.{0}/24 "
        "dev vx",
        number, options));
    return far;
  }

  model::VxlanDevice& tunnel(const std::string& device) {
    port(device).ofport = 100;
    auto& made = desired_.devices.at(device).made;
    if (!made) made = model::VxlanDevice{.mac_when_made = MacAddress({2, 0, 0, 0, 0, 9})};
    return *desired_.devices.at(device).vxlan();
  }
  model::Link link(const std::string& device) { return observe().links.at(device); }

  std::unique_ptr<TestNamespace> vm1_;
};

TEST_F(TunnelTest, reaches_a_plain_vxlan_device) {
  const auto far = add_far(2, "id 7 remote 172.16.0.1 dstport 4789");
  tunnel("vx0").vni = 7;
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  converge();
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.2"), 0);
  EXPECT_EQ(link("vx0").mac, MacAddress({2, 0, 0, 0, 0, 9}));
  EXPECT_EQ(link("vx0").made, model::MadeKind::vxlan);
  EXPECT_EQ(link("vx0").vxlan->df, model::VxlanDf::set);
}

TEST_F(TunnelTest, reaches_several_remotes_and_nothing_goes_from_one_to_the_other) {
  const auto far2 = add_far(2, "id 0 remote 172.16.0.1 dstport 4789");
  const auto far3 = add_far(3, "id 0 remote 172.16.0.1 dstport 4789");
  tunnel("vx0").remotes = {ip("172.16.0.2"), ip("172.16.0.3")};
  converge();
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.2"), 0);
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.3"), 0);
  EXPECT_EQ(lost_pings(*far2, "10.0.0.3", 1), 1);
}

TEST_F(TunnelTest, goes_over_ipv6) {
  const auto far = add_far(2, "id 5 remote fd00::1 dstport 4789");
  tunnel("vx0").vni = 5;
  tunnel("vx0").remotes = {ip("fd00::2")};
  tunnel("vx0").has_checksum = true;
  converge();
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.2"), 0);
  EXPECT_EQ(link("vx0").mtu_bytes, 1430U);
}

TEST_F(TunnelTest, goes_over_ipv6_without_checksums) {
  const auto far = add_far(2, "id 5 remote fd00::1 dstport 4789 udp6zerocsumtx udp6zerocsumrx");
  tunnel("vx0").vni = 5;
  tunnel("vx0").remotes = {ip("fd00::2")};
  converge();
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.2"), 0);
}

TEST_F(TunnelTest, joins_a_group_on_the_device_of_its_route) {
  const auto far = add_far(2, "id 5 group 239.1.1.1 dev eth0 dstport 4789");
  switch_->must_run("ip route add 239.0.0.0/8 dev under");
  tunnel("vx0").vni = 5;
  tunnel("vx0").remotes = {ip("239.1.1.1")};
  converge();
  EXPECT_EQ(link("vx0").vxlan->underlay_ifindex, link("under").ifindex);
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.2"), 0);
  EXPECT_EQ(lost_pings(*far, "10.0.0.1"), 0);
}

TEST_F(TunnelTest, joins_a_group_on_the_device_that_was_named) {
  const auto far = add_far(2, "id 5 group ff05::100 dev eth0 dstport 4789");
  tunnel("vx0").vni = 5;
  tunnel("vx0").remotes = {ip("ff05::100")};
  tunnel("vx0").underlay = "under";
  tunnel("vx0").has_checksum = true;
  converge();
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.2"), 0);
}

TEST_F(TunnelTest, shares_a_udp_port_with_others) {
  const auto far = add_far(2, "id 5 remote 172.16.0.1 dstport 4789");
  const auto other = add_far(3, "id 6 remote 172.16.0.1 dstport 4789");
  tunnel("vx0").vni = 5;
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  tunnel("vx1").vni = 6;
  tunnel("vx1").remotes = {ip("172.16.0.3")};
  converge();
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.2"), 0);
  EXPECT_EQ(lost_pings(*vm1_, "10.0.0.3"), 0);
}

TEST_F(TunnelTest, changes_in_place_what_can_be) {
  tunnel("vx0").remotes = {ip("172.16.0.2"), ip("172.16.0.3")};
  converge();
  const auto before = link("vx0");
  auto& wanted = tunnel("vx0");
  wanted.remotes = {ip("172.16.0.3"), ip("172.16.0.4")};
  wanted.local = ip("172.16.0.1");
  wanted.inherits_tos = true;
  wanted.ttl = 9;
  wanted.df = model::VxlanDf::unset;
  converge();
  const auto after = link("vx0");
  EXPECT_EQ(after.ifindex, before.ifindex);
  EXPECT_EQ(after.tunnel->remotes, wanted.remotes);
  EXPECT_EQ(after.vxlan->local, wanted.local);
  EXPECT_TRUE(after.vxlan->inherits_tos);
  wanted.local = std::nullopt;
  converge();
  EXPECT_EQ(link("vx0").ifindex, before.ifindex);
  EXPECT_FALSE(link("vx0").vxlan->local);
}

TEST_F(TunnelTest, is_made_anew_for_what_the_kernel_cannot_change) {
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  converge();
  auto& wanted = tunnel("vx0");
  const std::vector<std::function<void()>> changes = {[&] { wanted.vni = 8; },
                                                      [&] { wanted.dst_port = 8472; },
                                                      [&] { wanted.underlay = "under"; },
                                                      [&] { wanted.has_checksum = true; },
                                                      [&] { wanted.inherits_ttl = true; },
                                                      [&] { wanted.remotes = {ip("239.1.1.1")}; },
                                                      [&] { wanted.remotes = {ip("239.1.1.2")}; },
                                                      [&] { wanted.remotes = {ip("fd00::2")}; }};
  for (const auto& change : changes) {
    const auto before = link("vx0").ifindex;
    change();
    converge();
    EXPECT_NE(link("vx0").ifindex, before);
  }
}

TEST_F(TunnelTest, comes_back_after_a_restart_without_any_change) {
  tunnel("vx0").remotes = {ip("172.16.0.2"), ip("172.16.0.3")};
  converge();
  reopen();
  EXPECT_EQ(converge(), 0U);
}

TEST_F(TunnelTest, leaves_nothing_behind) {
  const auto before = switch_->must_run("ip -o link");
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  converge();
  desired_ = {};
  converge();
  EXPECT_EQ(switch_->must_run("ip -o link | grep -c vx0 || true"), "0\n");
}

TEST_F(TunnelTest, floods_to_a_remote_that_it_heard_unless_it_is_strict) {
  const auto far = add_far(3, "id 0 remote 172.16.0.1 dstport 4789");
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  converge();
  far->run("ping -c 1 -W 1 10.0.0.1");  // The kernel learns who it was.
  converge();
  EXPECT_EQ(link("vx0").tunnel->remotes, (std::set{ip("172.16.0.2"), ip("172.16.0.3")}));
  TestWire wire(*far, "vx");
  TestWire(*vm1_, "eth0").send({.from = host_mac(1), .to = broadcast_mac});
  EXPECT_EQ(wire.take(), (TestFrames{{.from = host_mac(1), .to = broadcast_mac}}));

  tunnel("vx0").has_strict_remotes = true;
  converge();
  EXPECT_EQ(link("vx0").tunnel->remotes, (std::set{ip("172.16.0.2")}));
}

TEST_F(TunnelTest, drops_what_comes_from_others_where_remotes_are_strict) {
  const auto far2 = add_far(2, "id 0 remote 172.16.0.1 dstport 4789");
  const auto far3 = add_far(3, "id 0 remote 172.16.0.1 dstport 4789");
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  tunnel("vx0").has_strict_remotes = port("vx0").has_strict_remotes = true;
  for (const bool may_go_fast : {true, false}) {
    desired_.devices.at("vx0").may_go_fast = may_go_fast;
    converge();
    EXPECT_EQ(lost_pings(*far2, "10.0.0.1"), 0) << (may_go_fast ? "fast" : "slow");
    EXPECT_EQ(lost_pings(*far3, "10.0.0.1", 1), 1) << (may_go_fast ? "fast" : "slow");
  }
  tunnel("vx0").remotes = {ip("172.16.0.3")};
  converge();
  far3->must_run("ip neigh flush dev vx");  // It asked in vain, and would wait a second before it asks again.
  EXPECT_EQ(lost_pings(*far3, "10.0.0.1"), 0);
  EXPECT_EQ(lost_pings(*far2, "10.0.0.1", 1), 1);
}

TEST_F(TunnelTest, forgets_a_remote_when_nothing_is_known_behind_it_any_more) {
  const auto far = add_far(3, "id 0 remote 172.16.0.1 dstport 4789");
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  converge();
  far->run("ping -c 1 -W 1 10.0.0.1");
  converge();
  EXPECT_EQ(link("vx0").tunnel->heard, (std::set{ip("172.16.0.3")}));
  far->must_run("ip link set vx down");
  switch_->must_run(fmt::format("bridge fdb delete {} dev vx0", host_mac(3).to_string()));
  converge();
  EXPECT_EQ(link("vx0").tunnel->heard, std::set<IpAddress>{});
  EXPECT_EQ(link("vx0").tunnel->remotes, (std::set{ip("172.16.0.2")}));
}

TEST_F(TunnelTest, keeps_the_list_of_remotes_as_it_is_wanted) {
  tunnel("vx0").remotes = {ip("172.16.0.2"), ip("172.16.0.3")};
  converge();
  switch_->must_run(
      "bridge fdb append 00:00:00:00:00:00 dev vx0 dst 172.16.0.9;"
      "bridge fdb delete 00:00:00:00:00:00 dev vx0 dst 172.16.0.2");
  converge();
  EXPECT_EQ(link("vx0").tunnel->remotes, tunnel("vx0").remotes);
}

TEST_F(TunnelTest, leaves_alone_what_others_put_into_the_table) {
  tunnel("vx0").remotes = {ip("172.16.0.2"), ip("172.16.0.3")};
  converge();
  switch_->must_run("bridge fdb add 02:00:00:00:00:77 dev vx0 dst 172.16.0.3 static");
  converge();
  EXPECT_NE(switch_->must_run("bridge fdb show dev vx0").find("02:00:00:00:00:77 dst 172.16.0.3"), std::string::npos);
}

TEST_F(TunnelTest, says_who_has_the_udp_port) {
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  std::string error;
  switch_->inside([&] {
    const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(4789);
    ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    for (const auto& step : plan::diff(desired_, observe())) {
      if (const auto done = host_->apply(step); !done) error = done.error().details;
    }
  });
  EXPECT_TRUE(error.contains("UDP port 4789 is in use by") && error.contains(fmt::format("process {}", ::getpid())))
      << error;
  converge();
  EXPECT_TRUE(link("vx0").admin_up);
}

TEST_F(TunnelTest, says_which_vxlan_device_has_the_udp_port) {
  switch_->must_run("ip link add ext0 type vxlan external dstport 4789; ip link set ext0 up");
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  std::string error;
  switch_->inside([&] {
    for (const auto& step : plan::diff(desired_, observe())) {
      if (const auto done = host_->apply(step); !done) error = done.error().details;
    }
  });
  EXPECT_TRUE(error.contains("the vxlan device ext0")) << error;
  switch_->must_run("ip link delete ext0");
  converge();
}

TEST_F(TunnelTest, says_that_there_is_no_route_to_a_group) {
  tunnel("vx0").remotes = {ip("239.1.1.1")};
  std::string error;
  switch_->inside([&] {
    for (const auto& step : plan::diff(desired_, observe())) {
      const auto done = host_->apply(step);
      if (!done && error.empty()) error = done.error().details;
    }
  });
  EXPECT_TRUE(error.contains("no route to the group 239.1.1.1")) << error;
}

TEST_F(TunnelTest, waits_for_a_vni_that_another_device_has) {
  switch_->must_run("ip link add other type vxlan id 7 remote 172.16.0.3 dstport 4789");
  tunnel("vx0").vni = 7;
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  converge();
  EXPECT_FALSE(observe().links.contains("vx0"));
  switch_->must_run("ip link delete other");
  converge();
  EXPECT_TRUE(observe().links.contains("vx0"));
}

TEST_F(TunnelTest, has_an_mtu_that_the_underlay_carries) {
  tunnel("vx0").remotes = {ip("172.16.0.2")};
  const auto told_mtu = [&] { return observe().ports.at(link("vx0").ifindex).mtu_bytes; };
  converge();
  EXPECT_EQ(link("vx0").mtu_bytes, 1450U);
  EXPECT_EQ(link("lu-br0").mtu_bytes, 1450U);
  EXPECT_EQ(told_mtu(), 1450);
  switch_->must_run("ip link set under mtu 1400");
  converge();
  EXPECT_EQ(link("vx0").mtu_bytes, 1350U);
  EXPECT_EQ(told_mtu(), 1350);
  switch_->must_run("ip route add 172.16.0.2 dev under mtu 1300");
  converge();
  EXPECT_EQ(link("vx0").mtu_bytes, 1250U);
  desired_.devices.at("vx0").requested_mtu_bytes = 1500;
  converge();
  EXPECT_EQ(link("vx0").mtu_bytes, 1500U);
  EXPECT_EQ(link("lu-br0").mtu_bytes, 1500U);
  EXPECT_EQ(told_mtu(), 1250) << "the way is no wider for that";
}

// What the kernel tells by itself is enough.
class TunnelNewsTest : public TunnelTest {
 protected:
  void SetUp() override {
    TunnelTest::SetUp();
    if (IsSkipped()) return;
    tunnel("vx0").remotes = {ip("172.16.0.2")};
    tunnel("vx0").local = ip("172.16.0.1");
    converge();
  }
  model::TunnelState after(const std::string& command) {
    switch_->run(command);
    switch_->inside([&] { EXPECT_TRUE(host_->look(reconcile::Host::Depth::news)); });
    const auto told = host_->observed().links.at("vx0");
    EXPECT_TRUE(told == link("vx0") || HasFailure()) << "not told after: " << command;
    return told.tunnel.value();
  }
};

TEST_F(TunnelNewsTest, tell_of_the_underlays_address) {
  EXPECT_FALSE(after("ip address delete 172.16.0.1/24 dev under").has_local);
  EXPECT_TRUE(after("ip address add 172.16.0.1/24 dev under").has_local);
}

TEST_F(TunnelNewsTest, tell_of_routes) {
  EXPECT_EQ(after("true").paths.at(ip("172.16.0.2")), (model::UnderlayPath{.device = "under", .mtu_bytes = 1500}));
  EXPECT_TRUE(after("ip route delete 172.16.0.0/24 dev under").paths.empty());
  EXPECT_EQ(after("ip route add 172.16.0.0/24 dev under mtu 1400").paths.at(ip("172.16.0.2")).mtu_bytes, 1400U);
  EXPECT_TRUE(after("ip rule add to 172.16.0.2 unreachable").paths.empty());
}

TEST_F(TunnelNewsTest, tell_of_the_underlay_device) {
  EXPECT_TRUE(after("ip link set under down").paths.empty());
  EXPECT_EQ(after("ip link set under up; ip route replace 172.16.0.0/24 dev under").paths.size(), 1U);
  EXPECT_EQ(after("ip link set under mtu 1300").paths.at(ip("172.16.0.2")).mtu_bytes, 1300U);
}

TEST_F(TunnelNewsTest, tell_of_remotes) {
  EXPECT_EQ(after("bridge fdb append 00:00:00:00:00:00 dev vx0 dst 172.16.0.3").remotes.size(), 2U);
  EXPECT_EQ(after("bridge fdb delete 00:00:00:00:00:00 dev vx0 dst 172.16.0.2").remotes, std::set{ip("172.16.0.3")});
}

}  // namespace
}  // namespace weft::kernel
