#include "kernel/internal_device.hpp"

#include "kernel/made_device.hpp"
#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

class InternalDeviceTest : public SwitchTest {
 protected:
  Result<> create(const std::string& device, const model::InternalDevice& settings = {}) {
    return with_socket([&](NetlinkSocket& socket) { return create_internal(socket, device, settings); });
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
  EXPECT_EQ(create("lu-br0").error().tag, "kernel");
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

}  // namespace
}  // namespace weft::kernel
