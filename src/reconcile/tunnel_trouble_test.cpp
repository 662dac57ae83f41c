#include "reconcile/tunnel_trouble.hpp"

namespace weft::reconcile {
namespace {

using model::Link;
using model::Observed;
using model::UnderlayPath;
using model::VxlanDevice;

const IpAddress one = *IpAddress::parse("10.0.0.1"), two = *IpAddress::parse("10.0.0.2");

class TunnelTrouble : public testing::Test {
 protected:
  TunnelTrouble() {
    observed_.links["eth0"] = Link{.ifindex = 2, .admin_up = true};
    auto& link = observed_.links["vx0"];
    link.ifindex = 3;
    link.tunnel = model::TunnelState{.remotes = {two}, .paths = {{two, {.device = "eth0", .mtu_bytes = 1500}}}};
  }
  std::string trouble(const std::string* rival = nullptr) { return tunnel_trouble("vx0", wanted_, rival, observed_); }
  UnderlayPath& path() { return observed_.links["vx0"].tunnel->paths.at(two); }

  VxlanDevice wanted_{.vni = 7, .remotes = {two}, .local = one, .underlay = "eth0"};
  Observed observed_;
};

TEST_F(TunnelTrouble, is_none_where_all_is_well) { EXPECT_EQ(trouble(), ""); }

TEST_F(TunnelTrouble, is_a_device_that_is_missing) {
  observed_.links.erase("eth0");
  EXPECT_EQ(trouble(), "there is no underlay device eth0 (options:dev)");
}

TEST_F(TunnelTrouble, is_a_device_that_is_a_tunnel) {
  observed_.links["eth0"].made = model::MadeKind::vxlan;
  EXPECT_EQ(trouble(), "the underlay device eth0 (options:dev) is a tunnel itself");
}

TEST_F(TunnelTrouble, is_a_device_that_is_down) {
  observed_.links["eth0"].admin_up = false;
  EXPECT_EQ(trouble(), "the underlay device eth0 is down");
  observed_.links["eth0"].admin_up = true;
  path().is_up = false;
  EXPECT_EQ(trouble(), "the underlay device eth0 is down");
}

TEST_F(TunnelTrouble, is_another_who_has_the_vni) {
  const std::string rival = "vxlan9";
  EXPECT_TRUE(trouble(&rival).starts_with("VNI 7 on UDP port 4789 belongs to the device vxlan9 already"));
}

TEST_F(TunnelTrouble, is_an_address_that_is_not_there) {
  observed_.links["vx0"].tunnel->has_local = false;
  EXPECT_EQ(trouble(), "options:local_ip 10.0.0.1 is not an address of this host");
  observed_.links["vx0"].tunnel->has_local = true;
  path().has_source = false;
  EXPECT_EQ(trouble(), "the underlay device eth0 has no IPv4 address");
}

TEST_F(TunnelTrouble, is_a_way_that_is_missing) {
  observed_.links["vx0"].tunnel->paths.clear();
  EXPECT_EQ(trouble(), "no route to the remote 10.0.0.2");
  for (int i = 3; i < 8; ++i) {
    wanted_.remotes.insert(IpAddress(std::array<std::uint8_t, 4>{10, 0, 0, static_cast<std::uint8_t>(i)}));
  }
  EXPECT_EQ(trouble(), "no route to the remote 10.0.0.2, 10.0.0.3, 10.0.0.4 and 3 more");
  wanted_.remotes = {*IpAddress::parse("239.1.1.1")};
  EXPECT_EQ(trouble(), "no route to the group 239.1.1.1");
}

}  // namespace
}  // namespace weft::reconcile
