// Of devices that ip(8) makes, as an operator would.
#include "kernel/vxlan_attributes.hpp"

#include "kernel/test_network.hpp"

namespace weft::kernel {
namespace {

class VxlanAttributesTest : public SwitchTest {
 protected:
  model::VxlanLink made(const std::string& options) {
    switch_->run("ip link delete vxlan0 2> /dev/null");
    switch_->must_run("ip link add vxlan0 type vxlan " + options);
    return observe().links.at("vxlan0").vxlan.value();
  }
};

TEST_F(VxlanAttributesTest, tell_of_a_device_with_a_group) {
  switch_->must_run("ip link add u0 type veth peer name u1");
  const auto vxlan = made("id 100 group 239.1.1.1 dev u0 dstport 4789");
  EXPECT_EQ(vxlan.vni, 100U);
  EXPECT_EQ(vxlan.dst_port, 4789);
  EXPECT_EQ(vxlan.remote, IpAddress::parse("239.1.1.1"));
  EXPECT_EQ(vxlan.underlay_ifindex, observe().links.at("u0").ifindex);
  EXPECT_FALSE(vxlan.is_ipv6);
  EXPECT_FALSE(vxlan.local);
  EXPECT_TRUE(vxlan.learns);
  EXPECT_EQ(vxlan.ageing_s, 300U);
  EXPECT_FALSE(vxlan.is_external);
}

TEST_F(VxlanAttributesTest, tell_of_every_setting_of_ipv4) {
  const auto vxlan = made(
      "id 16777215 local 10.0.0.1 remote 10.0.0.2 dstport 8472 srcport 40000 50000 tos 0x20 ttl 7 df set udpcsum "
      "nolearning ageing 60 maxaddress 500");
  EXPECT_EQ(vxlan, (model::VxlanLink{.vni = 16777215,
                                     .dst_port = 8472,
                                     .local = IpAddress::parse("10.0.0.1"),
                                     .remote = IpAddress::parse("10.0.0.2"),
                                     .source_port_low = 40000,
                                     .source_port_high = 50000,
                                     .tos = 0x20,
                                     .ttl = 7,
                                     .df = model::VxlanDf::set,
                                     .sends_checksum = true,
                                     .learns = false,
                                     .ageing_s = 60,
                                     .most_addresses = 500}));
}

TEST_F(VxlanAttributesTest, tell_of_every_setting_of_ipv6) {
  const auto vxlan = made(
      "id 7 local 2001:db8::1 remote 2001:db8::2 dstport 4789 tos inherit ttl inherit df inherit flowlabel 0x12345 "
      "udp6zerocsumtx udp6zerocsumrx");
  EXPECT_EQ(vxlan, (model::VxlanLink{.vni = 7,
                                     .dst_port = 4789,
                                     .is_ipv6 = true,
                                     .local = IpAddress::parse("2001:db8::1"),
                                     .remote = IpAddress::parse("2001:db8::2"),
                                     .inherits_tos = true,
                                     .inherits_ttl = true,
                                     .df = model::VxlanDf::inherit,
                                     .flow_label = 0x12345,
                                     .takes_zero_checksum_v6 = true,
                                     .ageing_s = 300}));
  EXPECT_TRUE(made("id 7 remote 2001:db8::2 dstport 4789").sends_checksum);
}

TEST_F(VxlanAttributesTest, tell_of_devices_whose_frames_are_not_plain) {
  const auto external = made("external vnifilter dstport 4789");
  EXPECT_TRUE(external.is_external);
  EXPECT_TRUE(external.has_vni_filter);
  EXPECT_TRUE(made("id 1 dstport 4789 gbp").has_group_policy);
  EXPECT_TRUE(made("id 1 dstport 4789 remcsumrx").has_remote_checksum);
  EXPECT_FALSE(made("id 1 dstport 4789").has_group_policy);
}

TEST_F(VxlanAttributesTest, are_none_of_other_devices) {
  switch_->must_run("ip link add u0 type veth peer name u1");
  EXPECT_FALSE(observe().links.at("u0").vxlan);
}

}  // namespace
}  // namespace weft::kernel
