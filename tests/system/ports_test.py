"""Ports whose devices come, go and change, and what the database says of them."""

import system

NO_DEVICE = '"could not open network device veth1 (No such device)"'


class Ports(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.vsctl("add-br lu-br0")

    def test_a_port_waits_for_its_device_again_and_again(self):
        self.add_container(2)
        self.vsctl("--no-wait add-port lu-br0 veth1")
        for _ in range(3):
            self.wait_until(lambda: self.interface("veth1", "error") == NO_DEVICE, "the error is told")
            self.assertEqual(self.interface("veth1", "ofport"), "-1")
            self.assertIn(f"error: {NO_DEVICE}", self.vsctl("show"))
            self.plug_in()
            self.wait_until(lambda: self.interface("veth1", "error") == "[]", "the port works")
            self.assert_reaches("c1", 2)
            self.host.run("ip link delete veth1 && ip netns delete c1")

    def plug_in(self):
        self.host.run("""set -e
            ip netns add c1
            ip link add veth1 type veth peer name eth0 netns c1
            ip link set veth1 up
            ip -n c1 addr add 192.168.100.1/24 dev eth0
            ip -n c1 link set eth0 up""")

    def test_adding_a_port_without_device_is_kept_and_says_so(self):
        done = self.host.run("ovs-vsctl --timeout=10 add-port lu-br0 veth1", check=False)
        self.assertEqual(done.returncode, 65)
        self.assertIn("veth1", done.stderr)
        self.assertEqual(self.vsctl("list-ports lu-br0"), "veth1")

    def test_a_port_that_cannot_be_leaves_the_others_alone(self):
        self.add_container(1)
        self.add_container(2)
        self.host.run("ovs-vsctl --timeout=10 add-port lu-br0 p0 -- set Interface p0 type=nonsense", check=False)
        self.assertIn("nonsense", self.interface("p0", "error"))
        self.assertEqual(self.interface("p0", "ofport"), "-1")
        self.assert_reaches("c1", 2)

    def test_the_database_says_how_a_port_is(self):
        self.add_container(1)
        link = self.link("veth1")
        self.assertEqual(self.interface("veth1", "ofport"), "1")
        self.assertEqual(self.interface("veth1", "ifindex"), str(link["ifindex"]))
        self.assertEqual(self.interface("veth1", "mac_in_use"), f'"{link["address"]}"')
        self.assertEqual(self.interface("veth1", "mtu"), "1500")
        self.wait_until(lambda: self.interface("veth1", "link_state") == "up", "the link is told to be up")
        self.host.run("ip link set veth1 mtu 1400")
        self.wait_until(lambda: self.interface("veth1", "mtu") == "1400", "the new MTU is told")
        self.wait_until(lambda: self.link("lu-br0")["mtu"] == 1400, "the bridge's own device follows")
        self.host.run("ip link set veth1 down")
        self.wait_until(lambda: self.interface("veth1", "admin_state") == "down", "the port is told to be down")
        self.assertIn("rx_packets=", self.interface("veth1", "statistics"))

    def test_a_filter_that_somebody_removed_comes_back(self):
        self.add_container(1)
        self.add_container(2)
        self.host.run("tc qdisc delete dev veth1 clsact")
        self.wait_until(lambda: self.pings("c1", 2) == 1, "the port works again")

    def test_nothing_is_left_of_a_bridge_that_is_deleted(self):
        self.host.run("ip link add veth1 type veth peer name veth1p && ip link set veth1 up")
        self.vsctl("del-br lu-br0")
        links, filters = self.links(), self.filters()
        self.vsctl("add-br lu-br0 -- add-port lu-br0 veth1")
        self.assertNotEqual(self.filters(), filters)
        self.assertIn("promiscuity 1", self.host.run("ip -d link show dev veth1"))
        self.vsctl("del-br lu-br0")
        self.assertEqual(self.links(), links)
        self.assertEqual(self.filters(), filters)
        self.assertIn("promiscuity 0", self.host.run("ip -d link show dev veth1"))

    def test_patch_ports_join_two_bridges_when_both_are_there(self):
        far = "patch-br-int-to-provnet-8f3c2a1e-5d64-4f0e-9d7c-2b1a6c9e0f33"
        self.vsctl("add-br lu-br1")
        self.add_container(1)
        self.add_container(2, bridge="lu-br1")
        self.vsctl(f"add-port lu-br0 near -- set Interface near type=patch options:peer={far}")
        self.assertEqual(self.interface("near", "error"), f'"near: its peer {far} does not exist; waiting for it"')
        self.assertNotEqual(self.interface("near", "ofport"), "-1")
        self.assert_does_not_reach("c1", 2)
        self.vsctl(f"add-port lu-br1 {far} -- set Interface {far} type=patch options:peer=near")
        for port in ("near", far):
            self.assertEqual(self.interface(port, "error"), "[]")
            self.assertEqual(self.interface(port, "link_state"), "up")
        self.assert_reaches("c1", 2)
        self.assert_reaches("c2", 1)
        self.kill_weftd("KILL")
        self.start_weftd()
        self.assert_reaches("c1", 2)
        self.vsctl(f"set Interface {far} options:peer=elsewhere")
        self.assertEqual(self.interface("near", "error"), f'"near: its peer {far} is patched to elsewhere"')
        self.assert_does_not_reach("c1", 2)
        self.vsctl(f"set Interface {far} options:peer=near")
        self.assert_reaches("c1", 2)
        self.vsctl(f"del-port {far}")
        self.assertFalse([name for name in self.links() if name.startswith("weft-")])

    def test_a_patch_port_that_names_no_peer_is_refused(self):
        for number, options in enumerate(("", "options:peer=p1")):
            done = self.host.run(f"ovs-vsctl --timeout=10 add-port lu-br0 p{number} -- set Interface p{number} "
                                 f"type=patch {options}", check=False)
            self.assertEqual(done.returncode, 65)
            self.assertIn("options:peer", done.stderr)
            self.assertEqual(self.interface(f"p{number}", "ofport"), "-1")

    def test_an_unknown_type_is_an_error_of_its_interface_alone(self):
        self.add_container(1)
        self.host.run("ovs-vsctl --timeout=10 add-port lu-br0 gre0 -- set Interface gre0 type=gre", check=False)
        self.add_container(2)
        self.assertIn("supported: system, internal, ", self.interface("gre0", "error"))
        self.assertEqual(self.interface("gre0", "ofport"), "-1")
        self.assert_reaches("c1", 2)

    def test_an_internal_port_works_on_in_another_namespace(self):
        self.add_container(1)
        self.vsctl("add-port lu-br0 int0 -- set Interface int0 type=internal")
        self.host.run("""set -e
            ip netns add c9
            ip link set int0 netns c9 name eth0
            ip -n c9 addr add 192.168.100.9/24 dev eth0
            ip -n c9 link set eth0 up""")
        self.wait_until(lambda: self.interface("int0", "link_state") == "up", "weftd sees that it is up there")
        self.assert_reaches("c1", 9)
        address = self.link("eth0", "c9")["address"]
        self.assertEqual(self.interface("int0", "mac_in_use"), f'"{address}"')
        self.assertEqual(self.interface("int0", "error"), "[]")
        ofport = self.interface("int0", "ofport")
        self.kill_weftd("KILL")
        self.assert_reaches("c9", 1)
        self.start_weftd()
        self.assert_reaches("c1", 9)
        self.assertEqual(self.interface("int0", "ofport"), ofport)
        self.assertNotIn("int0", self.links())
        self.vsctl("del-port int0")
        self.assertNotEqual(self.host.run("ip -n c9 link show eth0", check=False).returncode, 0)


if __name__ == "__main__":
    system.main()
