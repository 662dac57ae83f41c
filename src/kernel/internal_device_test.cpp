#include "kernel/internal_device.hpp"

#include <unistd.h>

#include "kernel/made_device.hpp"
#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

class InternalDeviceTest : public SwitchTest {
 protected:
  Result<> create(const std::string& device, const model::InternalDevice& settings = {}) {
    return with_socket([&](NetlinkSocket& socket) { return create_internal(socket, device, settings); });
  }
  // The device goes to a new namespace, is called eth9 there, and has the address 10.0.0.9/24.
  std::unique_ptr<TestNamespace> move_away(const std::string& device) {
    auto other = std::make_unique<TestNamespace>();
    switch_->must_run(fmt::format("ip link set {} netns /proc/{}/fd/{} name eth9", device, ::getpid(), other->fd()));
    other->must_run("ip address add 10.0.0.9/24 dev eth9 && ip link set eth9 up");
    return other;
  }
  Result<> remove(const std::string& device) {
    return with_socket([&](NetlinkSocket& socket) { return delete_made_device(socket, device); });
  }

 private:
  Result<> with_socket(const std::function<Result<>(NetlinkSocket&)>& work) {
    Result<> result;
    switch_->inside([&] {
      auto socket = NetlinkSocket::open();
      result = work(*socket);
    });
    return result;
  }
};

TEST_F(InternalDeviceTest, is_made_down_with_the_settings_that_were_asked_for) {
  const auto mac = MacAddress::parse("02:00:00:00:00:07");
  ASSERT_TRUE(create("lu-br0", {.mac = mac, .mtu_bytes = 1450}));
  const auto link = observe().links.at("lu-br0");
  EXPECT_TRUE(link.is_internal());
  EXPECT_FALSE(link.admin_up);
  EXPECT_EQ(link.mac, mac);
  EXPECT_EQ(link.mtu_bytes, 1450U);
}

TEST_F(InternalDeviceTest, has_a_peer_that_is_up_silent_and_named_for_people) {
  ASSERT_TRUE(create("lu-br0", {.mtu_bytes = 9000}));
  const auto peer = observe().links.at("weft0");
  EXPECT_TRUE(peer.is_internal_peer);
  EXPECT_FALSE(peer.is_internal());
  EXPECT_TRUE(peer.admin_up);
  EXPECT_EQ(peer.mtu_bytes, 9000U);
  const auto shown = switch_->must_run("ip -d link show weft0");
  EXPECT_NE(shown.find("alias weft: switch side of lu-br0"), std::string::npos) << shown;
  EXPECT_NE(shown.find("addrgenmode none"), std::string::npos) << shown;
}

TEST_F(InternalDeviceTest, leaves_with_both_ends) {
  const auto before = observe().links.size();
  ASSERT_TRUE(create("lu-br0"));
  ASSERT_TRUE(remove("lu-br0"));
  EXPECT_EQ(observe().links.size(), before);
  EXPECT_TRUE(remove("lu-br0")) << "it is gone, as wanted";
}

TEST_F(InternalDeviceTest, is_not_any_device_of_that_name) {
  switch_->must_run("ip link add lu-br0 type veth peer name other");
  EXPECT_FALSE(observe().links.at("lu-br0").is_internal());
  EXPECT_EQ(create("lu-br0").error().tag, "system");
  EXPECT_EQ(remove("lu-br0").error().details, "lu-br0: this device was not made by Weft; it is left alone");
  EXPECT_TRUE(observe().links.contains("lu-br0"));
}

TEST_F(InternalDeviceTest, refuses_names_that_no_device_can_have) {
  for (const auto& name : {std::string(), std::string("sixteen-bytes-xx"), std::string(10'000, 'x')}) {
    EXPECT_FALSE(create(name)) << name.substr(0, 20);
  }
}

TEST_F(InternalDeviceTest, changes_the_mtu_of_both_ends) {
  converge();
  desired_.devices.at("lu-br0").internal()->mtu_bytes = 9000;
  converge();
  EXPECT_EQ(observe().links.at("lu-br0").mtu_bytes, 9000U);
  EXPECT_EQ(observe().links.at("weft0").mtu_bytes, 9000U);
}

TEST_F(InternalDeviceTest, goes_on_working_in_another_namespace) {
  const auto vm1 = add_host(1);
  plug(1);
  converge();
  const auto filters = switch_->must_run("tc filter show dev weft0 ingress");
  const auto other = move_away("lu-br0");
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.9"), 0) << "before weftd has looked";
  converge();
  EXPECT_EQ(lost_pings(*other, "10.0.0.1"), 0) << "and straight to the other end";
  EXPECT_EQ(switch_->must_run("tc filter show dev weft0 ingress"), filters) << "nothing is made anew";
  EXPECT_NE(switch_->run("ip link show lu-br0 2>/dev/null"), 0);
  reopen();
  EXPECT_EQ(converge(), 0U);
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.9"), 0);
}

TEST_F(InternalDeviceTest, is_known_in_another_namespace_as_far_as_that_lets_us_look) {
  desired_.devices.at("lu-br0").internal()->mac = MacAddress::parse("02:00:00:00:00:07");
  converge();
  const auto other = move_away("lu-br0");
  converge();
  const auto link = observe().links.at("lu-br0");
  EXPECT_TRUE(link.is_away);
  EXPECT_TRUE(link.is_internal());
  EXPECT_TRUE(link.admin_up);
  EXPECT_TRUE(link.carrier);
  EXPECT_EQ(link.mac, MacAddress::parse("02:00:00:00:00:07"));
  EXPECT_EQ(link.port_ifindex(), observe().links.at("weft0").ifindex);
  other->must_run("ip link set eth9 down");
  EXPECT_FALSE(observe().links.at("lu-br0").admin_up);
}

TEST_F(InternalDeviceTest, counts_in_another_namespace_as_it_does_here) {
  const auto vm1 = add_host(1);
  plug(1);
  converge();
  const auto other = move_away("lu-br0");
  converge();
  lost_pings(*vm1, "10.0.0.9", 1);
  const auto before = observe().links.at("lu-br0").statistics;
  lost_pings(*vm1, "10.0.0.9", 5);
  const auto after = observe().links.at("lu-br0").statistics;
  EXPECT_GE(after.rx_packets - before.rx_packets, 5U);
  EXPECT_GE(after.tx_packets - before.tx_packets, 5U);
}

TEST_F(InternalDeviceTest, goes_with_its_port_wherever_it_is) {
  converge();
  const auto other = move_away("lu-br0");
  converge();
  desired_ = {};
  converge();
  EXPECT_EQ(converge(), 0U);
  EXPECT_FALSE(observe().links.contains("weft0"));
  EXPECT_NE(other->run("ip link show eth9 2>/dev/null"), 0);
}

TEST_F(InternalDeviceTest, is_made_anew_where_its_namespace_took_it_along) {
  converge();
  {
    const auto other = move_away("lu-br0");
  }
  for (int i = 0; i < 500 && observe().links.contains("weft0"); ++i) ::usleep(10'000);  // The kernel takes its time.
  converge();
  EXPECT_FALSE(observe().links.at("lu-br0").is_away);
  EXPECT_EQ(converge(), 0U);
}

TEST_F(InternalDeviceTest, comes_home_as_the_port_that_it_was) {
  converge();
  const auto other = move_away("lu-br0");
  converge();
  other->must_run(fmt::format("ip link set eth9 netns /proc/{}/fd/{} name lu-br0", ::getpid(), switch_->fd()));
  converge();
  const auto observed = observe();
  const auto& link = observed.links.at("lu-br0");
  EXPECT_FALSE(link.is_away);
  EXPECT_EQ(link.carrier_ifindex, observed.links.at("weft0").ifindex);
  EXPECT_FALSE(observed.ports.at(link.port_ifindex()).delivers_to_peer);
  EXPECT_EQ(observed.ports.at(link.port_ifindex()).device, "lu-br0");
}

TEST_F(InternalDeviceTest, is_not_mistaken_for_a_stranger_that_takes_its_name_here) {
  const auto vm1 = add_host(1);
  plug(1);
  converge();
  const auto other = move_away("lu-br0");
  switch_->must_run("ip link add lu-br0 type veth peer name stranger");
  converge();
  EXPECT_TRUE(observe().links.at("lu-br0").is_away);
  EXPECT_EQ(lost_pings(*vm1, "10.0.0.9"), 0);
  desired_ = {};
  converge();
  EXPECT_FALSE(observe().links.at("lu-br0").is_away) << "the stranger is left alone";
}

}  // namespace
}  // namespace weft::kernel
