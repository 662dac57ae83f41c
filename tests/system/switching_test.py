"""What the switch does with frames: learning, moves, flooding, VLANs."""

import system


class Switching(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.vsctl("add-br lu-br0")

    def test_containers_reach_each_other(self):
        for number in (1, 2, 3):
            self.add_container(number)
        for source in (1, 2, 3):
            for target in {1, 2, 3} - {source}:
                self.assert_reaches(f"c{source}", target)

    def test_the_host_reaches_containers_through_the_bridges_own_device(self):
        self.add_container(1)
        self.host.run("ip addr add 192.168.100.100/24 dev lu-br0 && ip link set lu-br0 up")
        self.assert_reaches("c1", 100)
        self.host.run("ping -n -q -c 1 -W 1 192.168.100.1")

    def test_what_goes_to_a_known_address_bothers_nobody_else(self):
        for number in (1, 2, 3):
            self.add_container(number)
        self.assert_reaches("c1", 2)
        before = self.received("c3")
        self.assertEqual(self.pings("c1", 2, 50), 50)
        self.assertLess(self.received("c3") - before, 10, "frames of others that came to c3")

    def test_what_goes_to_an_unknown_address_comes_to_everybody(self):
        for number in (1, 2, 3):
            self.add_container(number)
        self.host.run("ip -n c1 neigh add 192.168.100.99 lladdr 02:00:00:00:00:99 dev eth0")
        before = [self.received(f"c{number}") for number in (2, 3)]
        self.pings("c1", 99, 20)
        for number, had in zip((2, 3), before):
            self.assertGreaterEqual(self.received(f"c{number}") - had, 20, f"frames that came to c{number}")

    def test_an_address_that_moves_is_found_where_it_is_now(self):
        for number in (1, 2, 3):
            self.add_container(number)
        self.assert_reaches("c1", 2)
        address = self.link("eth0", "c2")["address"]
        self.host.run(f"""set -e
            ip -n c2 link set eth0 down
            ip -n c3 addr flush dev eth0
            ip -n c3 link set eth0 down address {address} up
            ip -n c3 addr add 192.168.100.2/24 dev eth0""")
        self.assert_reaches("c3", 1)  # It is heard of first.
        before = self.received("c3")
        self.assertEqual(self.pings("c1", 2, 20), 20)
        self.assertGreaterEqual(self.received("c3") - before, 20)

    def test_access_ports_of_different_vlans_are_apart(self):
        self.add_container(1, port_settings="tag=10")
        self.add_container(2, port_settings="tag=10")
        self.add_container(3, port_settings="tag=20")
        self.assert_reaches("c1", 2)
        self.assert_does_not_reach("c1", 3)
        self.assert_does_not_reach("c3", 2)
        self.vsctl("set Port veth3 tag=10")
        self.assert_reaches("c1", 3)
        self.vsctl("clear Port veth2 tag")
        self.assert_does_not_reach("c1", 2)

    def test_bridges_are_apart(self):
        self.vsctl("add-br lu-br1")
        self.add_container(1)
        self.add_container(2, bridge="lu-br1")
        self.assert_does_not_reach("c1", 2)
        self.vsctl("del-port veth2 -- add-port lu-br0 veth2")
        self.assert_reaches("c1", 2)

    def test_an_internal_port_can_have_a_vlan_of_its_own(self):
        self.add_container(1, port_settings="tag=10")
        self.vsctl("add-br vlan10 lu-br0 10")
        self.host.run("ip addr add 192.168.100.100/24 dev vlan10 && ip link set vlan10 up")
        self.assert_reaches("c1", 100)
        self.vsctl("del-br vlan10")
        self.assertNotIn("vlan10", self.links())

    def test_containers_of_one_vlan_meet_over_every_mode(self):
        self.add_container(1, port_settings="tag=10")
        self.add_container(2, port_settings="vlan_mode=native-untagged tag=10 trunks=20")
        self.add_container(3, port_settings="vlan_mode=dot1q-tunnel tag=10")
        self.add_container(4, port_settings="trunks=10,20")
        for source, target in ((1, 2), (2, 3), (3, 1)):
            self.assert_reaches(f"c{source}", target)
        self.assert_does_not_reach("c4", 1)
        self.vsctl("set Port veth4 vlan_mode=native-untagged tag=10")
        self.assert_reaches("c4", 1)
        self.vsctl("set Port veth4 vlan_mode=dot1q-tunnel -- set Port veth4 cvlans=30")
        self.assert_does_not_reach("c4", 1)

    def test_a_fake_bridge_carries_the_traffic_of_its_vlan(self):
        self.vsctl("add-br vlan10 lu-br0 10")
        self.add_container(1, bridge="vlan10")
        self.add_container(2, bridge="vlan10")
        self.add_container(3)
        self.host.run("ip addr add 192.168.100.100/24 dev vlan10 && ip link set vlan10 up")
        self.assert_reaches("c1", 2)
        self.assert_reaches("c1", 100)
        self.assert_does_not_reach("c3", 1)
        self.assertEqual(self.vsctl("get Port veth1 tag"), "10")

    def test_what_is_in_a_flood_vlan_comes_to_everybody(self):
        for number in (1, 2, 3):
            self.add_container(number, port_settings="tag=10")
        self.vsctl("set Bridge lu-br0 flood_vlans=10")
        self.assert_reaches("c1", 2)
        before = self.received("c3")
        self.assertEqual(self.pings("c1", 2, 20), 20)
        self.assertGreaterEqual(self.received("c3") - before, 40)


if __name__ == "__main__":
    system.main()
