#include "reconcile/tunnel_rules.hpp"

#include "reconcile/interface_rules.hpp"

namespace weft::reconcile {
namespace {

using Options = std::map<std::string, std::string>;

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }
Result<model::VxlanDevice> device_of(Options options) {
  return vxlan_of({.name = "vx0", .options = std::move(options)});
}
std::string error_of(Options options) {
  const auto device = device_of(std::move(options));
  return device ? "" : device.error().details;
}

TEST(TunnelRules, need_no_more_than_a_remote) {
  const auto device = device_of({{"remote_ip", "10.0.0.2"}});
  ASSERT_TRUE(device) << device.error().details;
  EXPECT_EQ(*device, (model::VxlanDevice{.vni = 0,
                                         .dst_port = 4789,
                                         .remotes = {ip("10.0.0.2")},
                                         .df = model::VxlanDf::set,
                                         .mac_when_made = mac_from({})}));
}

TEST(TunnelRules, take_every_option) {
  const auto device = device_of({{"remote_ip", "2001:db8::2"},
                                 {"local_ip", "2001:db8::1"},
                                 {"key", "0xffffff"},
                                 {"dst_port", "8472"},
                                 {"dev", "eth0"},
                                 {"tos", "0x20"},
                                 {"ttl", "inherit"},
                                 {"df_default", "false"},
                                 {"csum", "false"},
                                 {"strict-remotes", "true"}});
  ASSERT_TRUE(device) << device.error().details;
  EXPECT_EQ(*device, (model::VxlanDevice{.vni = 0xffffff,
                                         .dst_port = 8472,
                                         .remotes = {ip("2001:db8::2")},
                                         .local = ip("2001:db8::1"),
                                         .underlay = "eth0",
                                         .tos = 0x20,
                                         .inherits_ttl = true,
                                         .df = model::VxlanDf::unset,
                                         .has_checksum = false,
                                         .mac_when_made = mac_from({}),
                                         .has_strict_remotes = true}));
}

TEST(TunnelRules, know_no_strict_remotes_of_a_group) {
  EXPECT_TRUE(error_of({{"remote_ip", "239.1.1.1"}, {"dev", "eth0"}, {"strict-remotes", "true"}})
                  .contains("options:strict-remotes"));
}

TEST(TunnelRules, take_several_remotes_between_commas_or_spaces) {
  const std::set<IpAddress> three = {ip("10.0.0.2"), ip("10.0.0.3"), ip("10.0.0.4")};
  for (const auto* text : {"10.0.0.2,10.0.0.3,10.0.0.4", "10.0.0.4 10.0.0.3  10.0.0.2",
                           " 10.0.0.2, 10.0.0.3 ,10.0.0.4,", "10.0.0.2,10.0.0.3,10.0.0.4,10.0.0.2"}) {
    EXPECT_EQ(device_of({{"remote_ip", text}})->remotes, three) << text;
  }
}

TEST(TunnelRules, take_a_group) {
  EXPECT_TRUE(device_of({{"remote_ip", "239.1.1.1"}})->has_group());
  EXPECT_TRUE(device_of({{"remote_ip", "ff05::100"}})->has_group());
  EXPECT_FALSE(device_of({{"remote_ip", "10.0.0.2"}})->has_group());
}

TEST(TunnelRules, want_a_checksum_on_ipv6_only_unless_told) {
  EXPECT_FALSE(device_of({{"remote_ip", "10.0.0.2"}})->has_checksum);
  EXPECT_TRUE(device_of({{"remote_ip", "10.0.0.2"}, {"csum", "true"}})->has_checksum);
  EXPECT_TRUE(device_of({{"remote_ip", "2001:db8::2"}})->has_checksum);
}

TEST(TunnelRules, take_two_keys_that_are_the_same) {
  EXPECT_EQ(device_of({{"remote_ip", "10.0.0.2"}, {"in_key", "7"}, {"out_key", "7"}})->vni, 7U);
  EXPECT_NE(error_of({{"remote_ip", "10.0.0.2"}, {"in_key", "7"}, {"out_key", "8"}}), "");
}

TEST(TunnelRules, name_the_option_that_is_wrong) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"remote_ip", ""},
      {"remote_ip", "host"},
      {"remote_ip", "0.0.0.0"},
      {"remote_ip", "255.255.255.255"},
      {"remote_ip", "10.0.0.2,2001:db8::1"},
      {"remote_ip", "10.0.0.2,239.1.1.1"},
      {"remote_ip", "10.0.0.2;10.0.0.3"},
      {"remote_ip", "flow"},
      {"local_ip", "flow"},
      {"local_ip", "239.1.1.1"},
      {"local_ip", "2001:db8::1"},
      {"local_ip", "x"},
      {"key", "flow"},
      {"key", "16777216"},
      {"key", "-1"},
      {"key", "0x"},
      {"key", "5 "},
      {"dst_port", "0"},
      {"dst_port", "65536"},
      {"tos", "1"},
      {"tos", "256"},
      {"tos", "high"},
      {"ttl", "256"},
      {"ttl", ""},
      {"df_default", "yes"},
      {"csum", "1"},
      {"strict-remotes", "on"},
      {"remote_ip", "fe80::2"},
      {"exts", "gbp"},
      {"egress_pkt_mark", "1"},
  };
  for (const auto& [option, value] : wrong) {
    Options options{{"remote_ip", "10.0.0.2"}};
    options[option] = value;
    EXPECT_TRUE(error_of(options).contains("options:" + option)) << option << "=" << value << ": " << error_of(options);
  }
  EXPECT_TRUE(error_of({}).contains("options:remote_ip is missing"));
  EXPECT_TRUE(error_of({{"remote_ip", "10.0.0.2"}, {"dev", "a/b"}}).contains("a/b"));
}

TEST(TunnelRules, have_a_limit_of_remotes) {
  const auto many = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += fmt::format("10.{}.{}.1 ", i / 256, i % 256);
    return text;
  };
  EXPECT_EQ(device_of({{"remote_ip", many(most_remotes)}})->remotes.size(), most_remotes);
  EXPECT_TRUE(error_of({{"remote_ip", many(most_remotes + 1)}}).contains("at most"));
}

}  // namespace
}  // namespace weft::reconcile
