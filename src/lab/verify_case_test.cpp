#include "lab/verify_case.hpp"

#include <gtest/gtest.h>

#include "lab/verify_fixture.hpp"

namespace weft::lab {
namespace {

// c1 on host1 does not reach c2 on host2; all that can be seen is as it should be, until a test spoils it.
class Diagnosis : public VerifyFixture {
 protected:
  Diagnosis() {
    for (std::uint32_t i : {0U, 1U}) {
      auto& view = views_[i];
      const auto port = roll().members[i].port;
      view.links["eth0"] = {.is_up = true, .has_carrier = true, .mtu_bytes = 1500};
      view.links["vxlan0"] = {.is_up = true,
                              .has_carrier = true,
                              .mtu_bytes = 1450,
                              .kind = "vxlan",
                              .vni = 100,
                              .udp_port = 4789,
                              .remote = "239.0.0.1",
                              .lower = "eth0"};
      view.links[port] = {.is_up = true, .has_carrier = true, .mtu_bytes = 1450};
      view.ports[port] = {.bridge = "br0", .ofport = "1"};
      view.ports["vxlan0"] = {.bridge = "br0", .ofport = "2"};
      view.routes["239.0.0.1"] = "";
      found_[i] = {.endpoint = i,
                   .device = "eth0",
                   .mac = roll().endpoints[i].mac,
                   .mtu_bytes = 1450,
                   .is_up = true,
                   .has_carrier = true,
                   .addresses = {{*roll().endpoints[i].address4, 24}}};
      view.links["br0"] = {.is_up = true, .has_carrier = true, .mtu_bytes = 1450};
    }
  }

  Case open(Failing failing = Failing::everything) {
    return {.lab = &lab(),
            .network = &lab().networks[0],
            .findings = &findings(),
            .failing = failing,
            .fails_ipv4 = true,
            .from = end(0),
            .to = end(1)};
  }
  std::string sight(Failing failing = Failing::everything) {
    const auto reason = reason_at_sight(open(failing));
    return reason ? told(*reason) : "nothing";
  }
  std::string tried(Failing failing = Failing::everything) {
    experiment_.frames = 8;
    auto wanted = open(failing);
    wanted.experiment = &experiment_;
    const auto reason = reason_by_experiment(wanted);
    return told(reason ? *reason : unexplained(wanted));
  }
  static std::string told(const Reason& reason) {
    return fmt::format("{} | {} | {}", reason.text, reason.where, reason.cure);
  }
  prober::Captured packet(bool is_outgoing, std::uint32_t vni = 100) {
    return {.is_outgoing = is_outgoing,
            .destination = *IpAddress::parse("172.31.0.2"),
            .vni = vni,
            .from = 0,
            .to = 1,
            .bytes = 96};
  }

  HostView views_[2];
  prober::Found found_[2];
  Experiment experiment_;

 private:
  End end(std::uint32_t i) {
    return {.number = i,
            .endpoint = &roll().endpoints[i],
            .member = &roll().members[i],
            .host = &lab().hosts[i],
            .found = &found_[i],
            .view = &views_[i]};
  }
};

TEST_F(Diagnosis, sees_nothing_wrong_with_what_is_right) { EXPECT_EQ(sight(), "nothing"); }

TEST_F(Diagnosis, sees_an_endpoint_without_its_address) {
  found_[1].addresses.clear();
  EXPECT_EQ(sight(), "c2 on host2 has no address 10.0.0.2 | c2 | ip address add 10.0.0.2/24 dev eth0");
}

TEST_F(Diagnosis, sees_an_endpoint_that_is_gone_or_down) {
  found_[0].is_up = false;
  EXPECT_EQ(sight(), "the device eth0 of c1 on host1 is down | c1 | ip link set dev eth0 up");
  found_[0].trouble = "its network namespace /run/netns/c1 is not there";
  EXPECT_EQ(
      sight(),
      "c1 on host1 cannot be asked: its network namespace /run/netns/c1 is not there | this machine | weft lab up");
}

TEST_F(Diagnosis, sees_a_machine_that_does_not_run) {
  auto of_guest = open();
  of_guest.to.number = 3;
  of_guest.to.endpoint = &roll().endpoints[3];
  of_guest.to.member = &roll().members[3];
  of_guest.to.host = of_guest.from.host;
  of_guest.to.found = nullptr;
  of_guest.to.view = of_guest.from.view;
  views_[0].links["veth4"] = {.is_up = true, .has_carrier = true};
  views_[0].ports["veth4"] = {.bridge = "br0", .ofport = "4", .guest_address = "10.0.0.4"};
  EXPECT_FALSE(reason_at_sight(of_guest));
  views_[0].links["veth4"].has_carrier = false;
  EXPECT_EQ(told(reason_at_sight(of_guest).value()), "the VM vm1 on host1 does not run | this machine | weft lab up");
  views_[0].links.erase("veth4");
  EXPECT_EQ(told(reason_at_sight(of_guest).value()), "the VM vm1 on host1 does not run | this machine | weft lab up");
}

TEST_F(Diagnosis, sees_a_port_that_is_down_or_not_in_its_bridge) {
  views_[1].links["veth2"].is_up = false;
  EXPECT_EQ(sight(), "veth2, which is the port of c2 on host2, is down | host2 | ip link set dev veth2 up");
  views_[1].links["veth2"].is_up = true;
  views_[1].ports.erase("veth2");
  EXPECT_EQ(sight(), "veth2 is no port of the bridge br0 on host2 | host2 | ovs-vsctl add-port br0 veth2");
}

TEST_F(Diagnosis, sees_a_port_with_an_error_or_another_tag) {
  views_[0].ports["veth1"].tag = 7;
  EXPECT_EQ(
      sight(),
      "the port veth1 of c1 on host1 is in VLAN 7, its network is VLAN 0 | host1 | ovs-vsctl clear Port veth1 tag");
  views_[0].ports["veth1"].error = "no such device";
  EXPECT_EQ(sight(),
            "the switch on host1 cannot use the port veth1: no such device | host1 | ovs-vsctl list Interface veth1");
}

TEST_F(Diagnosis, sees_that_the_VNI_differs) {
  views_[1].links["vxlan0"].vni = 200;
  EXPECT_EQ(sight(),
            "the VNI differs: vxlan0 on host2 has 200, the lab's file says 100 | host2 | ip link delete dev vxlan0; ip "
            "link add name "
            "vxlan0 type vxlan id 100 dstport 4789 group 239.0.0.1 dev eth0 && ip link set dev vxlan0 up");
}

TEST_F(Diagnosis, cures_a_tunnel_without_a_group_with_its_remotes) {
  auto network = lab().networks[0];
  network.tunnel->group.reset();
  auto lab_without = lab();
  lab_without.networks = {network};
  views_[1].links["vxlan0"].vni = 200;
  auto without = open();
  without.lab = &lab_without;
  without.network = &network;
  EXPECT_EQ(
      reason_at_sight(without).value().cure,
      "ip link delete dev vxlan0; ip link add name vxlan0 type vxlan id 100 dstport 4789 dev eth0 && bridge fdb append "
      "00:00:00:00:00:00 dev vxlan0 dst 172.31.0.1 && ip link set dev vxlan0 up");
}

TEST_F(Diagnosis, sees_that_the_group_differs) {
  views_[1].links["vxlan0"].remote = "239.0.0.9";
  EXPECT_TRUE(
      sight().starts_with("the group differs: vxlan0 on host2 has 239.0.0.9, the lab's file says 239.0.0.1 | host2 | "
                          "ip link delete dev vxlan0; "))
      << sight();
}

TEST_F(Diagnosis, sees_a_bridge_that_is_gone) {
  views_[0].links.erase("br0");
  EXPECT_EQ(sight(), "host1 has no bridge br0 | this machine | weft lab up");
}

TEST_F(Diagnosis, sees_a_mask_that_puts_the_other_one_elsewhere_and_none_that_does_not) {
  found_[1].addresses = {{*roll().endpoints[1].address4, 16}};
  EXPECT_EQ(sight(), "nothing");
  found_[1].addresses = {{*roll().endpoints[1].address4, 32}};
  EXPECT_EQ(sight(),
            "c2 on host2 has the address 10.0.0.2/32, its network is 10.0.0.0/24 | c2 | "
            "ip address add 10.0.0.2/24 dev eth0 && ip address delete 10.0.0.2/32 dev eth0");
}

TEST_F(Diagnosis, sees_that_another_one_has_an_endpoints_address) {
  found_[1].addresses.push_back({*roll().endpoints[0].address4, 24});
  note(found_[0]);
  note(found_[1]);
  EXPECT_EQ(sight(),
            "c2 on host2 has the address 10.0.0.1, which is that of c1 on host1 | c2 | "
            "ip address delete 10.0.0.1/24 dev eth0");
}

TEST_F(Diagnosis, sees_that_another_one_has_an_endpoints_MAC_address) {
  found_[1].mac = mac(1);
  note(found_[1]);
  auto without_it = open();
  without_it.to = without_it.from;
  EXPECT_EQ(told(reason_at_sight(without_it).value()),
            "eth0 of c2 on host2 has the MAC address 02:00:00:00:00:01, its lab's file says 02:00:00:00:00:02 | c2 | "
            "ip link set dev eth0 address 02:00:00:00:00:02");
}

TEST_F(Diagnosis, quotes_what_is_dropped_when_the_endpoints_ask_again) {
  auto again = open();
  experiment_.frames = 1;
  experiment_.target_after.drops = {{"veth9", "vlan", "not its VLAN", 1}, {"veth2", "spoofed", "not its address", 1}};
  again.experiment = &experiment_;
  EXPECT_EQ(told(reason_by_asking_again(again).value()),
            "the switch on host2 drops the frames at the port veth2: not its address | host2 | weft drops veth2");
}

TEST_F(Diagnosis, sees_that_the_underlay_is_down) {
  views_[0].links["eth0"].is_up = false;
  EXPECT_EQ(sight(), "the underlay device eth0 of host1 is down | host1 | ip link set dev eth0 up");
}

TEST_F(Diagnosis, blames_the_device_that_is_down_and_not_the_one_that_lost_its_carrier) {
  views_[0].links["eth0"].has_carrier = false;
  EXPECT_TRUE(sight().starts_with("the underlay device eth0 of host1 has no carrier"));
  views_[1].links["eth0"].is_up = false;
  EXPECT_EQ(sight(), "the underlay device eth0 of host2 is down | host2 | ip link set dev eth0 up");
}

TEST_F(Diagnosis, misses_a_route_to_the_group_only_where_one_is_needed) {
  EXPECT_EQ(sight(), "nothing");
  auto network = lab().networks[0];
  network.tunnel->kind = topology::Tunnel::Kind::port;
  views_[0].links.erase("vxlan0");
  views_[0].ports["vxlan0"].error = "no route to the group 239.0.0.1";
  auto without = open();
  without.network = &network;
  EXPECT_EQ(told(reason_at_sight(without).value()),
            "host1 has no route to the multicast group 239.0.0.1 | host1 | ip route add 239.0.0.1 dev eth0");
}

TEST_F(Diagnosis, sees_an_underlay_that_carries_only_small_packets) {
  views_[1].links["eth0"].mtu_bytes = 1400;
  EXPECT_EQ(sight(), "nothing");
  EXPECT_EQ(
      sight(Failing::full_size),
      "the underlay device eth0 of host2 has MTU 1400: packets of 1450 bytes, as large as the network lan carries, "
      "need 1500 there | host2 | ip link set dev eth0 mtu 1500");
}

TEST_F(Diagnosis, finds_a_filter_on_the_target) {
  experiment_.at_source = {packet(true)};
  experiment_.at_target = {packet(false)};
  experiment_.target_after.filters = {{.family = "inet", .table = "f", .chain = "in", .handle = 5, .udp_port = 4789}};
  EXPECT_EQ(tried(),
            "UDP 4789 is filtered on host2: packets arrive at its eth0, but vxlan0 gets none | host2 | "
            "nft delete rule inet f in handle 5");
}

TEST_F(Diagnosis, finds_a_filter_on_the_way) {
  experiment_.at_source = {packet(true)};
  EXPECT_EQ(tried(),
            "UDP 4789 is filtered between host1 and host2: packets to 172.31.0.2 leave eth0 of host1 and none "
            "arrives at eth0 of host2 | host1 | tcpdump -n -i eth0 udp port 4789");
}

TEST_F(Diagnosis, finds_a_filter_on_the_source) {
  experiment_.source_before.links["vxlan0"].sent = 10;
  experiment_.source_after.links["vxlan0"].sent = 18;
  EXPECT_EQ(tried(),
            "UDP 4789 is filtered on host1: vxlan0 sends, but nothing leaves eth0 | host1 | nft list ruleset; tc "
            "filter show dev eth0 ingress; tc filter show dev eth0 egress");
}

TEST_F(Diagnosis, finds_a_path_that_loses_large_packets) {
  experiment_.at_source = {packet(true)};
  experiment_.at_source[0].bytes = 1500;
  EXPECT_TRUE(tried(Failing::full_size).starts_with("packets of 1500 bytes leave eth0 of host1 and do not arrive"));
}

TEST_F(Diagnosis, finds_a_VNI_that_differs_in_the_packets) {
  experiment_.at_source = {packet(true, 300)};
  experiment_.at_target = {packet(false, 300)};
  EXPECT_EQ(tried(),
            "the VNI differs: packets with VNI 300 arrive at host2, whose vxlan0 has 100 | host2 | weft lab up");
}

TEST_F(Diagnosis, quotes_a_drop_counter_that_moved) {
  experiment_.source_before.drops = {{"veth1", "vlan", "not its VLAN", 3}};
  experiment_.source_after.drops = {{"veth1", "vlan", "not its VLAN", 11}};
  EXPECT_EQ(tried(), "the switch on host1 drops the frames at the port veth1: not its VLAN | host1 | weft drops veth1");
}

TEST_F(Diagnosis, does_not_blame_a_counter_that_others_move) {
  experiment_.source_before.drops = {{"veth1", "vlan", "not its VLAN", 3}};
  experiment_.source_after.drops = {{"veth1", "vlan", "not its VLAN", 5}};
  EXPECT_FALSE(tried().contains("drops"));
}

TEST_F(Diagnosis, finds_an_address_behind_another_port) {
  experiment_.source_after.addresses["br0"] = {{.port = "veth9", .mac = mac(2)}};
  EXPECT_EQ(tried(),
            "the switch on host1 knows the address 02:00:00:00:00:02 of c2 behind the port veth9, not behind vxlan0 | "
            "host1 | ovs-appctl fdb/del br0 0 02:00:00:00:00:02");
}

TEST_F(Diagnosis, names_a_daemon_that_is_down_when_nothing_else_is_found) {
  views_[1].switch_trouble = "cannot connect";
  EXPECT_EQ(tried(), "the switch's daemon on host2 does not answer: cannot connect | this machine | weft lab up");
}

TEST_F(Diagnosis, says_what_it_saw_where_it_knows_no_reason) {
  EXPECT_TRUE(tried().starts_with("frames of c1 for c2 on host2 do not get into the tunnel on host1"));
}

}  // namespace
}  // namespace weft::lab
