#include "reconcile/desired.hpp"

#include "reconcile/interface_rules.hpp"

namespace weft::reconcile {
namespace {

using model::InternalDevice;
using model::Port;
using model::PortVlan;

const Uuid id(std::uint8_t last) { return *Uuid::parse(fmt::format("00000000-0000-4000-8000-0000000000{:02x}", last)); }

PortConfig port(const std::string& name, std::uint8_t last, const std::string& type = "") {
  return {.name = name, .interfaces = {{.uuid = id(last), .name = name, .type = type}}};
}

// lu-br0 with its own port, as "ovs-vsctl add-br" leaves it, and then `ports`.
Configuration bridge_with(std::vector<PortConfig> ports) {
  BridgeConfig bridge{.uuid = id(100), .name = "lu-br0", .ports = {port("lu-br0", 101, "internal")}};
  for (auto& more : ports) bridge.ports.push_back(std::move(more));
  return {.open_vswitch = id(99), .bridges = {bridge}};
}

const WantedInterface& interface(const Wanted& wanted, const std::string& device) {
  const auto found = std::ranges::find(wanted.interfaces, device, &WantedInterface::device);
  EXPECT_NE(found, wanted.interfaces.end()) << device;
  return *found;
}

TEST(Wanted, of_an_empty_database_is_nothing) { EXPECT_EQ(wanted_from({}, {}).desired, model::Desired{}); }

TEST(Wanted, has_a_bridge_with_its_own_device_and_its_ports) {
  const auto wanted = wanted_from(bridge_with({port("veth0", 1), port("vxlan0", 2, "system")}), {});
  const auto& bridge = wanted.desired.bridges.at("lu-br0");
  EXPECT_EQ(bridge.ports, (std::map<std::string, Port>{
                              {"lu-br0", {.ofport = 65534}}, {"veth0", {.ofport = 1}}, {"vxlan0", {.ofport = 2}}}));
  EXPECT_EQ(bridge.internals,
            (std::map<std::string, InternalDevice>{{"lu-br0", {.mac_when_made = mac_from(id(101))}}}));
  for (const auto& of : wanted.interfaces) EXPECT_EQ(of.error, "") << of.device;
}

TEST(Wanted, gives_a_bridge_its_own_device_even_without_a_row_for_it) {
  const Configuration configuration{.bridges = {{.uuid = id(100), .name = "br0"}}};
  EXPECT_TRUE(wanted_from(configuration, {}).desired.bridges.at("br0").internals.contains("br0"));
}

TEST(Wanted, takes_a_tag_for_an_access_port) {
  auto tagged = port("veth0", 1);
  tagged.tag = 7;
  const auto wanted = wanted_from(bridge_with({tagged}), {});
  EXPECT_EQ(wanted.desired.bridges.at("lu-br0").ports.at("veth0").vlan,
            (PortVlan{.mode = PortVlan::Mode::access, .tag = 7}));
}

TEST(Wanted, leaves_out_a_port_whose_vlans_it_cannot_enforce_and_says_so) {
  auto native = port("veth0", 1), limited = port("veth1", 2), zero = port("veth2", 3);
  native.vlan_mode = "native-untagged";
  limited.has_trunks = true;
  zero.tag = 0;
  const auto wanted = wanted_from(bridge_with({native, limited, zero, port("veth3", 4)}), {});
  EXPECT_EQ(wanted.desired.bridges.at("lu-br0").ports.size(), 2u);
  EXPECT_TRUE(interface(wanted, "veth0").error.contains("native-untagged"));
  EXPECT_TRUE(interface(wanted, "veth1").error.contains("trunks"));
  EXPECT_TRUE(interface(wanted, "veth2").error.contains("tag from 1"));
  EXPECT_TRUE(interface(wanted, "veth3").is_port);
}

TEST(Wanted, keeps_the_bridges_device_but_not_its_port_if_its_vlans_are_wrong) {
  auto configuration = bridge_with({});
  configuration.bridges[0].ports[0].has_trunks = true;
  const auto bridge = wanted_from(configuration, {}).desired.bridges.at("lu-br0");
  EXPECT_TRUE(bridge.internals.contains("lu-br0"));
  EXPECT_FALSE(bridge.ports.contains("lu-br0"));
}

TEST(Wanted, says_what_is_wrong_with_an_interface_in_that_interface_only) {
  PortConfig bond{.name = "bond0", .interfaces = {{.uuid = id(5), .name = "eth1"}, {.uuid = id(6), .name = "eth2"}}};
  const auto wanted =
      wanted_from(bridge_with({port("p1", 1, "geneve"), port("a/b", 2), port("lo", 3), bond, port("veth0", 7)}), {});
  EXPECT_TRUE(interface(wanted, "p1").error.contains("\"geneve\" is not supported"));
  EXPECT_TRUE(interface(wanted, "a/b").error.contains("cannot be a network device's name"));
  EXPECT_TRUE(interface(wanted, "lo").error.contains("loopback"));
  EXPECT_TRUE(interface(wanted, "eth1").error.contains("bonds are not supported"));
  EXPECT_TRUE(interface(wanted, "eth2").error.contains("bonds are not supported"));
  EXPECT_EQ(wanted.desired.bridges.at("lu-br0").ports.size(), 2u);
  EXPECT_EQ(interface(wanted, "veth0").error, "");
}

TEST(Wanted, has_no_bridge_of_an_impossible_name) {
  Configuration configuration{.bridges = {{.name = "a-name-of-16-byt", .ports = {port("veth0", 1)}}}};
  const auto wanted = wanted_from(configuration, {});
  EXPECT_TRUE(wanted.desired.bridges.empty());
  EXPECT_TRUE(interface(wanted, "veth0").error.contains("a-name-of-16-byt"));
}

TEST(Wanted, has_an_interface_in_the_first_of_two_bridges_and_says_so) {
  auto configuration = bridge_with({port("veth0", 1)});
  configuration.bridges.push_back({.uuid = id(110), .name = "lu-br1", .ports = {port("veth0", 1)}});
  const auto wanted = wanted_from(configuration, {});
  EXPECT_TRUE(wanted.desired.bridges.at("lu-br0").ports.contains("veth0"));
  EXPECT_FALSE(wanted.desired.bridges.at("lu-br1").ports.contains("veth0"));
  EXPECT_TRUE(interface(wanted, "veth0").error.contains("in bridge lu-br0 already"));
}

TEST(Wanted, does_not_plug_one_bridges_own_device_into_another) {
  auto configuration = bridge_with({port("lu-br1", 1)});
  configuration.bridges.push_back({.uuid = id(110), .name = "lu-br1"});
  const auto wanted = wanted_from(configuration, {});
  EXPECT_FALSE(wanted.desired.bridges.at("lu-br0").ports.contains("lu-br1"));
  EXPECT_TRUE(interface(wanted, "lu-br1").error.contains("name of a bridge"));
}

TEST(Wanted, takes_mtu_address_and_admin_state_of_an_internal_port) {
  auto internal = port("int0", 1, "internal");
  internal.interfaces[0].mac = "02:00:00:00:00:05";
  internal.interfaces[0].mtu_request = 1400;
  internal.interfaces[0].admin_state = "up";
  const auto wanted = wanted_from(bridge_with({internal}), {});
  EXPECT_EQ(wanted.desired.bridges.at("lu-br0").internals.at("int0"),
            (InternalDevice{.mac = MacAddress::parse("02:00:00:00:00:05"),
                            .mac_when_made = mac_from(id(1)),
                            .mtu_bytes = 1400,
                            .admin_up = true}));
}

TEST(Wanted, does_without_settings_that_make_no_sense_and_names_them) {
  auto internal = port("int0", 1, "internal");
  internal.interfaces[0].mac = "ff:ff:ff:ff:ff:ff";
  internal.interfaces[0].mtu_request = 10;
  internal.interfaces[0].admin_state = "maybe";
  const auto wanted = wanted_from(bridge_with({internal}), {});
  EXPECT_TRUE(interface(wanted, "int0").is_port);
  for (const auto* word : {"ff:ff:ff:ff:ff:ff", "mtu_request 10", "\"maybe\""}) {
    EXPECT_TRUE(interface(wanted, "int0").error.contains(word)) << interface(wanted, "int0").error;
  }
}

TEST(Wanted, takes_bridge_settings_and_falls_back_to_defaults) {
  auto configuration = bridge_with({});
  auto& bridge = configuration.bridges[0];
  bridge.mac_aging_time = "60";
  bridge.forward_bpdu = "true";
  bridge.hwaddr = "02:00:00:00:00:07";
  bridge.datapath_id = "0x00000000000000a1";
  auto wanted = wanted_from(configuration, {});
  EXPECT_EQ(wanted.desired.bridges.at("lu-br0").ageing_s, 60u);
  EXPECT_TRUE(wanted.desired.bridges.at("lu-br0").forward_bpdu);
  EXPECT_EQ(wanted.desired.bridges.at("lu-br0").internals.at("lu-br0").mac, MacAddress::parse("02:00:00:00:00:07"));
  EXPECT_EQ(wanted.datapath_ids.at(bridge.uuid), "00000000000000a1");

  bridge.mac_aging_time = "soon";
  bridge.datapath_id = "a1";
  wanted = wanted_from(configuration, {});
  EXPECT_EQ(wanted.desired.bridges.at("lu-br0").ageing_s, 300u);
  EXPECT_TRUE(wanted.datapath_ids.empty());
  bridge.mac_aging_time = "99999";
  EXPECT_EQ(wanted_from(configuration, {}).desired.bridges.at("lu-br0").ageing_s, 3600u);
}

TEST(Wanted, keeps_the_number_of_a_port_whose_device_is_away) {
  auto away = port("veth1", 2);
  away.interfaces[0].ofport = -1;
  EXPECT_EQ(interface(wanted_from(bridge_with({port("veth0", 1), away}), {{id(2), 1}}), "veth1").ofport, 1);
}

TEST(MacFromUuid, is_a_local_unicast_address) {
  const auto mac = mac_from(*Uuid::parse("ffffffff-ffff-4fff-8fff-ffffffffffff"));
  EXPECT_EQ(mac.to_string(), "fe:ff:ff:ff:ff:ff");
}

}  // namespace
}  // namespace weft::reconcile
