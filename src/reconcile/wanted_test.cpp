#include "reconcile/wanted.hpp"

#include "reconcile/configured_database.hpp"
#include "reconcile/interface_rules.hpp"

namespace weft::reconcile {
namespace {

using model::InternalDevice;
using model::Port;
using model::PortVlan;

const Uuid id(std::uint8_t last) { return *Uuid::parse(fmt::format("00000000-0000-4000-8000-0000000000{:02x}", last)); }

PortRow port(const std::string& name, std::uint8_t last, const std::string& type = "") {
  return {.uuid = id(static_cast<std::uint8_t>(last + 128)),
          .config = {.name = name},
          .interfaces = {{.uuid = id(last), .name = name, .type = type}}};
}

// lu-br0 with its own port, as "ovs-vsctl add-br" leaves it, and then `ports`.
Rows bridge_with(std::vector<PortRow> ports) {
  BridgeRow bridge{.config = {.uuid = id(100), .name = "lu-br0"}, .ports = {port("lu-br0", 101, "internal")}};
  for (auto& more : ports) bridge.ports.push_back(std::move(more));
  return {bridge};
}

// What is wanted of a database that says this, and only this, from the start.
class Outcome {
 public:
  explicit Outcome(const Rows& rows) : database_(rows), wanted_(database_.database(), database_.columns()) {
    wanted_.update();
  }
  const model::Desired& desired() const { return wanted_.desired(); }
  std::optional<Port> port(const std::string& device) const {
    const auto found = desired().devices.find(device);
    return found == desired().devices.end() ? std::nullopt : found->second.port;
  }
  const InternalDevice& internal(const std::string& device) const { return *desired().devices.at(device).internal(); }
  const WantedInterface& interface(const std::string& device) const { return wanted_.interfaces().at(device); }
  const std::string& error(const std::string& device) const { return interface(device).error; }
  const Wanted& wanted() const { return wanted_; }

 private:
  ConfiguredDatabase database_;
  Wanted wanted_;
};

TEST(Wanted, of_an_empty_database_is_nothing) { EXPECT_EQ(Outcome({}).desired(), model::Desired{}); }

TEST(Wanted, has_a_bridge_with_its_own_device_and_its_ports) {
  const Outcome wanted(bridge_with({port("veth0", 1), port("vxlan0", 2, "system")}));
  const auto in_bridge = [](std::uint16_t ofport) { return model::Device{.bridge = "lu-br0", .port = Port{ofport}}; };
  auto own = in_bridge(65534);
  own.made = InternalDevice{.mac_when_made = mac_from(id(101))};
  EXPECT_EQ(wanted.desired(),
            (model::Desired{.bridges = {{"lu-br0", {}}},
                            .devices = {{"lu-br0", own}, {"veth0", in_bridge(1)}, {"vxlan0", in_bridge(2)}}}));
  for (const auto& [device, of] : wanted.wanted().interfaces()) EXPECT_EQ(of.error, "") << device;
}

TEST(Wanted, gives_a_bridge_its_own_device_even_without_a_row_for_it) {
  EXPECT_EQ(Outcome({{.config = {.uuid = id(100), .name = "br0"}}}).internal("br0").mac_when_made, mac_from(id(100)));
}

TEST(Wanted, takes_a_tag_for_an_access_port) {
  auto tagged = port("veth0", 1);
  tagged.config.tag = 7;
  EXPECT_EQ(Outcome(bridge_with({tagged})).port("veth0")->vlan, (PortVlan{.mode = PortVlan::Mode::access, .tag = 7}));
}

TEST(Wanted, reads_each_vlan_mode_and_ignores_what_it_has_no_use_for) {
  using Mode = PortVlan::Mode;
  const auto vlan_of = [](PortConfig config) {
    auto row = port("veth0", 1);
    config.name = "veth0";
    row.config = std::move(config);
    return Outcome(bridge_with({row})).port("veth0")->vlan;
  };
  EXPECT_EQ(vlan_of({.tag = 7, .trunks = {8}}), (PortVlan{.mode = Mode::access, .tag = 7}));
  EXPECT_EQ(vlan_of({.vlan_mode = "access", .tag = 0}), (PortVlan{.mode = Mode::access}));
  EXPECT_EQ(vlan_of({.vlan_mode = "trunk", .tag = 7, .trunks = {8, 0}}), (PortVlan{.vlans = {0, 8}}));
  EXPECT_EQ(vlan_of({.vlan_mode = "native-tagged", .tag = 7, .trunks = {0, 8}, .cvlans = {9}}),
            (PortVlan{.mode = Mode::native_tagged, .tag = 7, .vlans = {7, 8}}));
  EXPECT_EQ(vlan_of({.vlan_mode = "native-untagged", .tag = 7}), (PortVlan{.mode = Mode::native_untagged, .tag = 7}));
  EXPECT_EQ(vlan_of({.vlan_mode = "native-untagged", .trunks = {8}}),
            (PortVlan{.mode = Mode::native_untagged, .vlans = {8}}));
  EXPECT_EQ(vlan_of({.vlan_mode = "dot1q-tunnel", .tag = 7, .trunks = {8}, .cvlans = {9}}),
            (PortVlan{.mode = Mode::tunnel, .tag = 7, .vlans = {9}}));
  EXPECT_TRUE(vlan_of({.vlan_mode = "dot1q-tunnel", .tag = 7, .qinq_ethtype = "802.1q"}).service_is_8021q);
  EXPECT_EQ(vlan_of({.priority_tags = "always"}).priority_tags, PortVlan::PriorityTags::always);
}

TEST(Wanted, follows_flood_vlans) {
  auto rows = bridge_with({});
  rows[0].config.flood_vlans = {0, 4095};
  EXPECT_EQ(Outcome(rows).desired().bridges.at("lu-br0").flood_vlans, (model::VlanSet{0, 4095}));
}

TEST(Wanted, leaves_out_a_tunnel_without_a_vlan_of_its_own_and_says_so) {
  auto tunnel = port("veth0", 1);
  tunnel.config.vlan_mode = "dot1q-tunnel";
  const Outcome wanted(bridge_with({tunnel, port("veth1", 2)}));
  EXPECT_FALSE(wanted.port("veth0"));
  EXPECT_TRUE(wanted.error("veth0").contains("needs a tag"));
  EXPECT_TRUE(wanted.interface("veth1").is_port);
}

TEST(Wanted, keeps_the_bridges_device_but_not_its_port_if_its_vlans_are_wrong) {
  auto rows = bridge_with({});
  rows[0].ports[0].config.vlan_mode = "dot1q-tunnel";
  const Outcome wanted(rows);
  EXPECT_TRUE(wanted.desired().devices.at("lu-br0").internal());
  EXPECT_FALSE(wanted.port("lu-br0"));
}

TEST(Wanted, says_what_is_wrong_with_an_interface_in_that_interface_only) {
  const PortRow bond{.uuid = id(9),
                     .config = {.name = "bond0"},
                     .interfaces = {{.uuid = id(5), .name = "eth1"}, {.uuid = id(6), .name = "eth2"}}};
  const Outcome wanted(bridge_with({port("p1", 1, "geneve"), port("a/b", 2), port("lo", 3), bond, port("veth0", 7)}));
  EXPECT_TRUE(wanted.error("p1").contains("\"geneve\" is not supported"));
  EXPECT_TRUE(wanted.error("a/b").contains("cannot be a network device's name"));
  EXPECT_TRUE(wanted.error("lo").contains("loopback"));
  EXPECT_TRUE(wanted.error("eth1").contains("bonds are not supported"));
  EXPECT_TRUE(wanted.error("eth2").contains("bonds are not supported"));
  EXPECT_EQ(wanted.desired().devices.size(), 2u);
  EXPECT_EQ(wanted.error("veth0"), "");
}

// Bridges br0 and br1; "a" is in the first, "b" in the second.
Rows two_bridges(const InterfaceConfig& a, const InterfaceConfig& b) {
  const auto bridge = [](std::uint8_t last, const std::string& name, const InterfaceConfig& interface) {
    PortRow row{.uuid = id(static_cast<std::uint8_t>(last + 1)), .config = {.name = interface.name}};
    row.interfaces = {interface};
    row.interfaces[0].uuid = id(static_cast<std::uint8_t>(last + 2));
    return BridgeRow{.config = {.uuid = id(last), .name = name}, .ports = {row}};
  };
  return {bridge(10, "br0", a), bridge(20, "br1", b)};
}
InterfaceConfig patch(const std::string& name, std::optional<std::string> peer) {
  InterfaceConfig config{.name = name, .type = "patch"};
  if (peer) config.options["peer"] = *peer;
  return config;
}

TEST(Wanted, wires_two_patch_ports_that_name_each_other) {
  const std::string far = "patch-br-int-to-provnet-8f3c2a1e-5d64-4f0e-9d7c-2b1a6c9e0f33";
  const Outcome wanted(two_bridges(patch("to-br1", far), patch(far, "to-br1")));
  EXPECT_EQ(wanted.desired().devices.at("to-br1").patch()->peer, far);
  EXPECT_EQ(wanted.desired().devices.at(far).patch()->peer, "to-br1");
  EXPECT_EQ(wanted.desired().devices.at(far).bridge, "br1");
  EXPECT_EQ(wanted.error(far), "");
}

TEST(Wanted, says_what_keeps_a_patch_port_from_its_peer_and_gives_it_its_number_if_it_names_one) {
  const auto error = [](const InterfaceConfig& a, const InterfaceConfig& b) {
    const Outcome wanted(two_bridges(a, b));
    EXPECT_FALSE(wanted.port(a.name));
    EXPECT_EQ(wanted.interface(a.name).keeps_ofport, a.options.contains("peer") && a.options.at("peer") != a.name);
    return wanted.error(a.name);
  };
  EXPECT_EQ(error(patch("a", "x"), patch("b", "a")), "a: its peer x does not exist; waiting for it");
  EXPECT_EQ(error(patch("a", std::nullopt), patch("b", "a")),
            "a: a patch port needs options:peer, the name of the patch port at its other end");
  EXPECT_EQ(error(patch("a", "a"), patch("b", "a")), "a: its options:peer is itself");
  EXPECT_EQ(error(patch("a", "b"), patch("b", "c")), "a: its peer b is patched to c");
  EXPECT_EQ(error(patch("a", "b"), patch("b", std::nullopt)), "a: its peer b has no options:peer; set it to a");
  EXPECT_EQ(error(patch("a", "b"), {.name = "b", .type = "internal"}),
            "a: its peer b has the type \"internal\" instead of patch");
  auto same_bridge = two_bridges(patch("a", "b"), patch("b", "a"));
  same_bridge[0].ports.push_back(same_bridge[1].ports[0]);
  same_bridge.pop_back();
  EXPECT_EQ(Outcome(same_bridge).error("a"), "a: its peer b is in br0, too: frames would go round for ever");
}

TEST(Wanted, wires_a_patch_port_when_its_peer_comes_and_leaves_it_when_that_goes) {
  const auto both = two_bridges(patch("a", "b"), patch("b", "a"));
  auto alone = both;
  alone[1].ports.clear();
  ConfiguredDatabase database(alone);
  Wanted wanted(database.database(), database.columns());
  const auto subscription =
      database.database().subscribe([&](const ovsdb::ChangeSet& changes, const Uuid&) { wanted.note(changes); });
  wanted.update();
  EXPECT_FALSE(wanted.desired().devices.contains("a"));
  database.configure(both);
  EXPECT_TRUE(wanted.update().devices.contains("a"));
  EXPECT_NE(wanted.desired().devices.at("a").patch(), nullptr);
  database.configure(alone);
  EXPECT_TRUE(wanted.update().devices.contains("a"));
  EXPECT_FALSE(wanted.desired().devices.contains("a"));
  database.database().unsubscribe(subscription);
}

TEST(Wanted, has_no_bridge_of_an_impossible_name) {
  const Outcome wanted({{.config = {.uuid = id(100), .name = "a-name-of-16-byt"}, .ports = {port("veth0", 1)}}});
  EXPECT_EQ(wanted.desired(), model::Desired{});
  EXPECT_TRUE(wanted.error("veth0").contains("a-name-of-16-byt"));
}

TEST(Wanted, has_an_interface_in_the_first_of_two_bridges_and_says_so) {
  auto rows = bridge_with({port("veth0", 1)});
  rows.push_back({.config = {.uuid = id(110), .name = "lu-br1"}, .ports = {port("veth0", 1)}});
  const Outcome wanted(rows);
  EXPECT_EQ(wanted.desired().devices.at("veth0").bridge, "lu-br0");
  EXPECT_EQ(wanted.error("veth0"), "veth0 is in bridge lu-br0 already and is not added to lu-br1");
}

TEST(Wanted, does_not_plug_one_bridges_own_device_into_another) {
  auto rows = bridge_with({port("lu-br1", 1)});
  rows.push_back({.config = {.uuid = id(110), .name = "lu-br1"}});
  const Outcome wanted(rows);
  EXPECT_EQ(wanted.desired().devices.at("lu-br1").bridge, "lu-br1");
  EXPECT_TRUE(wanted.error("lu-br1").contains("name of a bridge"));
}

TEST(Wanted, takes_mtu_address_and_admin_state_of_an_internal_port) {
  auto internal = port("int0", 1, "internal");
  internal.interfaces[0].mac = "02:00:00:00:00:05";
  internal.interfaces[0].mtu_request = 1400;
  internal.interfaces[0].admin_state = "up";
  EXPECT_EQ(Outcome(bridge_with({internal})).internal("int0"),
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
  const Outcome wanted(bridge_with({internal}));
  EXPECT_TRUE(wanted.interface("int0").is_port);
  for (const auto* word : {"ff:ff:ff:ff:ff:ff", "mtu_request 10", "\"maybe\""}) {
    EXPECT_TRUE(wanted.error("int0").contains(word)) << wanted.error("int0");
  }
}

TEST(Wanted, takes_bridge_settings_and_falls_back_to_defaults) {
  auto rows = bridge_with({});
  auto& bridge = rows[0].config;
  bridge.mac_aging_time = "60";
  bridge.mac_table_size = "1000000";
  bridge.forward_bpdu = "true";
  bridge.hwaddr = "02:00:00:00:00:07";
  bridge.datapath_id = "0x00000000000000a1";
  const Outcome good(rows);
  EXPECT_EQ(good.desired().bridges.at("lu-br0"),
            (model::Bridge{.ageing_s = 60, .forward_bpdu = true, .max_addresses = 1'000'000}));
  EXPECT_EQ(good.internal("lu-br0").mac, MacAddress::parse("02:00:00:00:00:07"));
  EXPECT_EQ(good.wanted().bridges().at("lu-br0").datapath_id, "00000000000000a1");

  bridge.mac_aging_time = "soon";
  bridge.datapath_id = "a1";
  const Outcome bad(rows);
  EXPECT_EQ(bad.desired().bridges.at("lu-br0").ageing_s, 300u);
  EXPECT_EQ(bad.wanted().bridges().at("lu-br0").datapath_id, std::nullopt);
  bridge.mac_aging_time = "99999";
  EXPECT_EQ(Outcome(rows).desired().bridges.at("lu-br0").ageing_s, 3600u);
}

TEST(Wanted, holds_the_size_of_the_address_table_to_what_the_manual_says) {
  const auto size = [](const char* text) {
    auto rows = bridge_with({});
    if (text != nullptr) rows[0].config.mac_table_size = text;
    return Outcome(rows).desired().bridges.at("lu-br0").max_addresses;
  };
  EXPECT_EQ(size(nullptr), 8192U);
  for (const auto* nothing : {"", "0", "many", "12x", "99999999999"}) EXPECT_EQ(size(nothing), 8192U) << nothing;
  for (const auto* little : {"1", "9", "10"}) EXPECT_EQ(size(little), 10U) << little;
  for (const auto* much : {"1000000", "1000001", "-1"}) EXPECT_EQ(size(much), 1'000'000U) << much;
}

TEST(MacFromUuid, is_a_local_unicast_address) {
  const auto mac = mac_from(*Uuid::parse("ffffffff-ffff-4fff-8fff-ffffffffffff"));
  EXPECT_EQ(mac.to_string(), "fe:ff:ff:ff:ff:ff");
}

TEST(Wanted, has_what_a_bridge_serves_and_who_is_behind_its_ports) {
  auto rows = bridge_with({port("veth0", 1), port("veth1", 2)});
  rows[0].services = {{"subnet", "10.0.0.0/24"}, {"vlan7-subnet", "10.0.7.0/24"}};
  rows[0].ports[1].interfaces[0].guest.ip_address = "10.0.0.5";
  const Outcome wanted(rows);
  ASSERT_TRUE(wanted.desired().networks.contains("lu-br0"));
  EXPECT_EQ(wanted.desired().networks.at("lu-br0").at(7).subnet4, Subnet::parse("10.0.7.0/24"));
  EXPECT_EQ(wanted.desired().guests.size(), 1U);
  EXPECT_EQ(wanted.desired().guests.at("veth0").addresses, std::vector{*IpAddress::parse("10.0.0.5")});
}

TEST(Wanted, says_what_is_wrong_about_services_and_keeps_the_port) {
  auto rows = bridge_with({port("veth0", 1)});
  rows[0].services = {{"subnet", "10.0.0.1/24"}};
  rows[0].ports[1].interfaces[0].guest.ip_address = "10.0.0";
  const Outcome wanted(rows);
  EXPECT_NE(wanted.wanted().bridges().at("lu-br0").services_error.find("subnet"), std::string::npos);
  EXPECT_NE(wanted.error("veth0").find("ip-address"), std::string::npos);
  EXPECT_TRUE(wanted.port("veth0"));
}

}  // namespace
}  // namespace weft::reconcile
