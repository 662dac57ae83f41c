#include "lab/verify_view.hpp"

#include <gtest/gtest.h>

#include "lab/verify_fixture.hpp"

namespace weft::lab {
namespace {

class View : public VerifyFixture {};

constexpr std::string_view seen = R"(@@ links
[{"ifname":"eth0","flags":["BROADCAST","UP","LOWER_UP"],"mtu":1500,"stats64":{"rx":{"packets":7},"tx":{"packets":9}}},
{"ifname":"vxlan0","flags":["BROADCAST"],"mtu":1450,"linkinfo":{"info_kind":"vxlan","info_data":{"id":100,"group":"239.0.0.1","link":"eth0","port":4789}}}]
@@ firewall
{"nftables":[{"metainfo":{}},{"rule":{"family":"inet","table":"f","chain":"in","handle":5,"expr":[{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":4789}},{"drop":null}]}},
{"rule":{"family":"inet","table":"f","chain":"in","handle":6,"expr":[{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":53}},{"accept":null}]}}]}
@@ route 239.0.0.1
@@ route 172.31.0.2
[{"dst":"172.31.0.2","dev":"eth0"}]
@@ switch
@@ interfaces
{"data":[["veth1","",["set",[]],["map",[["ip_address","10.0.0.1"]]]],["vxlan0","no route",3,["map",[]]]],"headings":["name","error","ofport","status"]}
@@ ports
{"data":[["veth1",20],["vxlan0",["set",[]]]],"headings":["name","tag"]}
@@ members br0
veth1
vxlan0
@@ addresses br0
 port  VLAN  MAC                Age
    3    10  02:00:00:00:00:02    1
LOCAL     0  02:00:00:00:00:09    0
   77     0  02:00:00:00:00:08  static
@@ drops
{"time":1,"drops":[{"port":"veth1","bridge":"br0","reason":"vlan","text":"its VLAN is not the port's","frames":4}]}
)";

TEST_F(View, tells_devices_and_tunnels) {
  const auto view = read_view(seen);
  EXPECT_TRUE(view.link("eth0")->is_up && view.link("eth0")->has_carrier);
  EXPECT_EQ(view.link("eth0")->sent, 9U);
  EXPECT_FALSE(view.link("vxlan0")->is_up);
  EXPECT_EQ(view.link("vxlan0")->vni, 100U);
  EXPECT_EQ(view.link("vxlan0")->remote, "239.0.0.1");
  EXPECT_EQ(view.link("vxlan0")->lower, "eth0");
  EXPECT_EQ(view.link("nope"), nullptr);
}

TEST_F(View, tells_ports_and_what_is_behind_them) {
  const auto view = read_view(seen);
  EXPECT_EQ(*view.port("veth1"), (PortView{.bridge = "br0", .tag = 20, .ofport = "0", .guest_address = "10.0.0.1"}));
  EXPECT_EQ(view.port("vxlan0")->error, "no route");
  EXPECT_EQ(view.addresses.at("br0"), (std::vector<AddressView>{{.port = "vxlan0", .vlan = 10, .mac = mac(2)},
                                                                {.port = "br0", .mac = mac(9)},
                                                                {.port = "77", .mac = mac(8)}}));
  EXPECT_EQ(view.drops[0].frames, 4U);
}

TEST_F(View, tells_routes_and_those_that_are_missing) {
  const auto view = read_view(seen);
  EXPECT_EQ(view.routes.at("172.31.0.2"), "eth0");
  EXPECT_EQ(view.routes.at("239.0.0.1"), "");
}

TEST_F(View, tells_rules_that_drop_packets_to_a_port) {
  EXPECT_EQ(read_view(seen).filters,
            (std::vector<FilterView>{{.family = "inet", .table = "f", .chain = "in", .handle = 5, .udp_port = 4789}}));
}

TEST_F(View, of_a_host_without_its_daemon_says_so) {
  EXPECT_EQ(read_view("@@ switch\novs-appctl: cannot connect\n").switch_trouble, "ovs-appctl: cannot connect");
}

TEST_F(View, of_anything_else_is_empty) {
  EXPECT_EQ(read_view(""), HostView{});
  EXPECT_EQ(read_view("@@ links\n{not json\n@@ \n@@ members\n"), HostView{});
}

TEST_F(View, asks_for_what_a_host_has) {
  auto host = lab().hosts[0];
  EXPECT_TRUE(look_script(lab(), host).contains("ip -j route get 239.0.0.1\n"));
  EXPECT_TRUE(look_script(lab(), host).contains("ovs-appctl --timeout=5 fdb/show br0\n"));
  host.switch_kind = topology::SwitchKind::linux_bridge;
  EXPECT_FALSE(look_script(lab(), host).contains("ovs-"));
}

TEST_F(View, knows_where_tunnels_lead_without_a_group) {
  auto other = lab();
  other.networks[0].tunnel->group.reset();
  other.networks[1].tunnel->group.reset();
  EXPECT_EQ(tunnel_destinations(other, other.hosts[0]), (std::vector<IpAddress>{*IpAddress::parse("172.31.0.2")}));
}

}  // namespace
}  // namespace weft::lab
