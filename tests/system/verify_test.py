"""weft lab verify: who reaches whom; for each cause of a failure the sentence that names it, and the command that cures it."""

import json
import os
import re
import subprocess
import unittest

import system

WEFT = str(system.PROGRAMS / "weft")
COMMAND_SECONDS_MAX = 120


class LabTest(unittest.TestCase):
    """Tests on one lab, which each leaves as it found it."""

    file = None  # The text of the lab's file.

    @classmethod
    def setUpClass(cls):
        cls.folder = system.SCRATCH / cls.__name__
        cls.folder.mkdir()
        (cls.folder / "lab.yaml").write_text(cls.file)
        cls.environment = {**os.environ, "WEFT_LAB_DIR": str(cls.folder / "labs"), "LC_ALL": "C.UTF-8",
                           "PATH": f"{system.PROGRAMS}:{os.environ['PATH']}"}
        cls.addClassCleanup(cls.lab, "down")
        cls.up = cls.lab("up", "lab.yaml")

    def setUp(self):
        self.assertEqual(self.up.returncode, 0, self.up.stdout + self.up.stderr)

    @classmethod
    def lab(cls, *arguments):
        return subprocess.run([WEFT, "lab", *arguments], cwd=cls.folder, env=cls.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=COMMAND_SECONDS_MAX)

    def on(self, node, script):
        """Runs a piece of shell on a host or in a container. What it printed."""
        done = self.lab("exec", node, "--", "sh", "-c", script)
        self.assertEqual(done.returncode, 0, f"{node}: {script}\n{done.stdout}{done.stderr}")
        return done.stdout

    def verify(self):
        """The exit status, and what was found."""
        done = self.lab("verify", "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return done.returncode, json.loads(done.stdout)

    def assert_good(self):
        status, found = self.verify()
        self.assertEqual((status, found["good"], found["troubles"]), (0, True, []), found)
        return found

    def assert_finds(self, sentence, where):
        """Exactly one reason, which matches. Its cure."""
        status, found = self.verify()
        told = [f"{trouble['reason']} ({trouble['where']}: {trouble['cure']})" for trouble in found["troubles"]]
        self.assertEqual((status, len(told)), (1, 1), told)
        self.assertRegex(told[0], sentence)
        self.assertEqual(found["troubles"][0]["where"], where)
        return found["troubles"][0]["cure"]

    def assert_finds_and_cures(self, sentence, where):
        cure = self.assert_finds(sentence, where)
        if where == "this machine":
            done = self.lab(*cure.removeprefix("weft lab ").split(), "lab.yaml")
            self.assertEqual(done.returncode, 0, f"{cure}\n{done.stdout}{done.stderr}")
        else:
            self.on(where, cure)
        self.assert_good()


class TwoHosts(LabTest):
    """The tutorial's network."""

    file = (system.PROJECT / "examples/two-hosts.yaml").read_text()

    def test_all_reach_each_other_by_all_that_is_asked(self):
        found = self.assert_good()
        self.assertEqual(found["pairs"], {"all": 1, "good": 1, "late": 0, "bad": 0, "not_asked": 0})
        self.assertEqual({(way["from"], way["to"]) for way in found["ways"]}, {("cn1", "cn2"), ("cn2", "cn1")})
        for way in found["ways"]:
            self.assertEqual(way["probes"], dict.fromkeys(("flood", "arp", "small", "full", "tcp"), "answered"))

    def test_people_are_shown_a_matrix(self):
        done = self.lab("verify")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"cn1 +· +✓\n +cn2 +✓ +·\n")
        self.assertRegex(done.stdout, r"1 pair reaches each other")

    def test_a_filter_where_packets_come_in_is_found(self):
        self.on("host2", "nft add table inet t && nft 'add chain inet t in { type filter hook input priority 0; }' && "
                         "nft add rule inet t in udp dport 4789 drop")
        self.addCleanup(self.on, "host2", "nft delete table inet t")
        self.assert_finds_and_cures(r"UDP 4789 is filtered on host2: packets arrive at its eth0, but vxlan0 gets none", "host2")

    def test_a_filter_where_packets_go_out_is_found(self):
        self.on("host1", "nft add table inet t && nft 'add chain inet t out { type filter hook output priority 0; }' && "
                         "nft add rule inet t out udp dport 4789 drop")
        self.addCleanup(self.on, "host1", "nft delete table inet t")
        self.assert_finds_and_cures(r"UDP 4789 is filtered on host1: vxlan0 sends, but nothing leaves eth0", "host1")

    def test_an_underlay_with_too_small_an_MTU_is_found(self):
        self.on("host2", "ip link set eth0 mtu 1400")
        self.addCleanup(self.on, "host2", "ip link set eth0 mtu 1500")
        self.assert_finds_and_cures(r"eth0 of host2 has MTU 1400: packets of 1450 bytes.* need 1500", "host2")

    def test_a_VNI_that_differs_is_found(self):
        make = "ip link delete vxlan0; ip link add vxlan0 type vxlan id {} dstport 4789 group 239.0.0.1 dev eth0 && ip link set vxlan0 up"
        self.on("host2", make.format(200))
        self.addCleanup(self.on, "host2", make.format(100))
        self.assert_finds_and_cures(r"the VNI differs: vxlan0 on host2 has 200, the lab's file says 100", "host2")

    def test_an_endpoint_without_its_address_is_found(self):
        self.on("cn2", "ip address flush dev eth0")
        self.addCleanup(self.on, "cn2", "ip address replace 192.168.100.12/24 dev eth0")
        self.assert_finds_and_cures(r"cn2 on host2 has no address 192\.168\.100\.12", "cn2")

    def test_an_endpoint_whose_device_is_down_is_found(self):
        self.on("cn1", "ip link set eth0 down")
        self.addCleanup(self.on, "cn1", "ip link set eth0 up")
        self.assert_finds_and_cures(r"the device eth0 of cn1 on host1 is down", "cn1")

    def test_an_endpoint_with_too_small_an_MTU_is_found(self):
        self.on("cn1", "ip link set eth0 mtu 1300")
        self.addCleanup(self.on, "cn1", "ip link set eth0 mtu 1450")
        self.assert_finds_and_cures(r"eth0 of cn1 on host1 has MTU 1300, its network needs 1450", "cn1")

    def test_a_port_that_is_down_is_found(self):
        self.on("host2", "ip link set veth0 down")
        self.addCleanup(self.on, "host2", "ip link set veth0 up")
        self.assert_finds_and_cures(r"veth0, which is the port of cn2 on host2, is down", "host2")

    def test_a_port_that_left_its_bridge_is_found(self):
        self.on("host2", "ovs-vsctl del-port veth0")
        self.addCleanup(self.on, "host2", "ovs-vsctl --may-exist add-port lu-br0 veth0")
        self.assert_finds_and_cures(r"veth0 is no port of the bridge lu-br0 on host2", "host2")

    def test_a_port_in_another_VLAN_is_found(self):
        self.on("host2", "ovs-vsctl set Port veth0 tag=7")
        self.addCleanup(self.on, "host2", "ovs-vsctl clear Port veth0 tag")
        self.assert_finds_and_cures(r"the port veth0 of cn2 on host2 is in VLAN 7, its network is VLAN 0", "host2")

    def test_an_address_that_is_known_behind_another_port_is_found(self):
        mac = json.loads(self.on("cn2", "ip -j link show eth0"))[0]["address"]
        self.on("host1", f"ovs-appctl fdb/add lu-br0 lu-br0 0 {mac}")
        self.addCleanup(self.on, "host1", f"ovs-appctl fdb/del lu-br0 0 {mac} || true")
        self.assert_finds_and_cures(rf"the switch on host1 knows the address {mac} of cn2 behind the port lu-br0, not behind vxlan0",
                                    "host1")

    def test_an_underlay_that_is_down_is_found(self):
        self.on("host2", "ip link set eth0 down")
        self.addCleanup(self.on, "host2", "ip link set eth0 up")
        self.assert_finds_and_cures(r"the underlay device eth0 of host2 is down", "host2")


    def test_a_tunnel_in_another_group_is_found(self):
        self.make_tunnel_other("id 100 dstport 4789 group 239.0.0.9")
        self.assert_finds_and_cures(r"the group differs: vxlan0 on host2 has 239\.0\.0\.9, the lab's file says 239\.0\.0\.1", "host2")

    def test_a_tunnel_at_another_UDP_port_is_found(self):
        self.make_tunnel_other("id 100 dstport 8472 group 239.0.0.1")
        self.assert_finds_and_cures(r"the UDP port differs: vxlan0 on host2 has 8472, the lab's file says 4789", "host2")

    def make_tunnel_other(self, settings):
        make = "ip link delete vxlan0; ip link add vxlan0 type vxlan {} dev eth0 && ip link set vxlan0 up"
        self.on("host2", make.format(settings))
        self.addCleanup(self.on, "host2", make.format("id 100 dstport 4789 group 239.0.0.1"))

    def test_a_bridge_that_was_deleted_is_found(self):
        self.on("host1", "ovs-vsctl del-br lu-br0")
        self.addCleanup(self.lab, "up", "lab.yaml")
        self.assert_finds_and_cures(r"host1 has no bridge lu-br0", "this machine")

    def test_a_container_that_was_deleted_is_found(self):
        self.on("host1", "ip netns delete cn1")
        self.addCleanup(self.lab, "up", "lab.yaml")
        self.assert_finds_and_cures(r"cn1 on host1 cannot be asked", "this machine")

    def test_a_wrong_mask_is_found(self):
        self.on("cn1", "ip address del 192.168.100.11/24 dev eth0; ip address add 192.168.100.11/32 dev eth0")
        self.addCleanup(self.on, "cn1", "ip address flush dev eth0; ip address add 192.168.100.11/24 dev eth0")
        self.assert_finds_and_cures(r"cn1 on host1 has the address 192\.168\.100\.11/32, its network is 192\.168\.100\.0/24", "cn1")

    def test_a_switch_whose_daemon_died_is_found(self):
        self.on("host1", "pid=$(cat /run/openvswitch/weftd.pid); kill -9 $pid; while kill -0 $pid 2>/dev/null; do sleep 0.01; done; "
                         "tc filter delete dev veth0 ingress")
        self.addCleanup(self.lab, "up", "lab.yaml")
        self.assert_finds_and_cures(r"the switch's daemon on host1 does not answer", "this machine")

    def test_frames_that_the_switch_drops_are_told_with_its_reason(self):
        self.on("host2", "ovs-vsctl set Interface veth0 other_config:port-security=true other_config:ip-address=192.168.100.99")
        self.addCleanup(self.on, "host2", "ovs-vsctl remove Interface veth0 other_config port-security -- "
                                          "set Interface veth0 other_config:ip-address=192.168.100.12")
        cure = self.assert_finds(r"the switch on host2 drops the frames at the port veth0: ", "host2")
        self.assertIn("veth0", self.on("host2", cure))


class ThreeHosts(LabTest):
    """On a segment, with tunnels that are the switch's own."""

    file = """
        name: three
        hosts: [host1, host2, host3]
        networks:
          net0: {vni: 400, group: 239.0.0.4, kind: port, tunnel: vx0, bridge: br0, subnet: 10.4.0.0/24}
        containers:
          c1: {host: host1, address: 10.4.0.1}
          c2: {host: host2, address: 10.4.0.2}
          c3: {host: host2, address: 10.4.0.3}
        """

    def test_a_filter_between_the_hosts_is_found(self):
        self.on("segment.1", "nft add table netdev t && "
                             "nft 'add chain netdev t c { type filter hook ingress device port2 priority 0; }' && "
                             "nft add rule netdev t c udp dport 4789 drop")
        self.addCleanup(self.on, "segment.1", "nft delete table netdev t")
        self.assert_finds(r"UDP 4789 is filtered between host2 and host1: packets to .* leave eth0 of host2 and none arrives", "host2")

    def test_a_pulled_cable_is_found(self):
        self.on("segment.1", "ip link set port1 down")
        self.addCleanup(self.on, "segment.1", "ip link set port1 up")
        self.assert_finds(r"the underlay device eth0 of host1 has no carrier", "host1")

    def test_a_missing_route_to_the_group_is_found(self):
        self.on("host1", "ovs-vsctl del-port vx0; ovs-vsctl --no-wait add-port br0 vx0 -- set Interface vx0 type=vxlan "
                         "options:remote_ip=239.0.0.4 options:key=400; "
                         "until ovs-vsctl get Interface vx0 error | grep -q route; do sleep 0.05; done")
        self.addCleanup(self.on, "host1", "ovs-vsctl set Interface vx0 options:dev=eth0; ip route delete 239.0.0.4 dev eth0 || true")
        self.on("host1", self.assert_finds(r"host1 has no route to the multicast group 239\.0\.0\.4", "host1"))
        self.on("host1", "until ovs-vsctl get Interface vx0 error | grep -q '\\[\\]'; do sleep 0.05; done")  # It tries again by itself.
        self.assert_good()

    def test_an_address_that_two_have_is_found(self):
        self.on("c3", "ip address add 10.4.0.2/24 dev eth0")
        self.addCleanup(self.on, "c3", "ip address del 10.4.0.2/24 dev eth0 || true")
        self.assert_finds_and_cures(r"c3 on host2 has the address 10\.4\.0\.2, which is that of c2 on host2", "c3")

    def test_a_MAC_address_that_two_have_is_found(self):
        macs = {name: json.loads(self.on(name, "ip -j link show eth0"))[0]["address"] for name in ("c2", "c3")}
        self.on("c3", f"ip link set eth0 address {macs['c2']}")
        self.addCleanup(self.on, "c3", f"ip link set eth0 address {macs['c3']}")
        self.on("c3", self.assert_finds(rf"eth0 of c3 on host2 has the MAC address {macs['c2']}, its lab's file says", "c3"))
        for name in ("c1", "c2"):
            self.on(name, "ip neigh flush dev eth0")  # They would ask again by themselves, in some seconds.
        self.assert_good()


class ManyEndpoints(LabTest):
    """So many that the kernel's table of neighbours is helped; without multicast, with IPv6."""

    file = """
        name: many
        hosts: [host1, host2]
        networks:
          net0: {vni: 300, remotes: all, tunnel: vx0, bridge: br0, subnet: 10.3.0.0/24, subnet6: "fd03::/64"}
        containers:
          c: {per-host: 10}
        """

    def permanent(self, node):
        return self.on(node, "ip neigh show nud permanent")

    def test_all_reach_each_other_over_both_versions(self):
        found = self.assert_good()
        self.assertEqual(found["pairs"]["all"], 190)
        self.assertEqual(found["ways"][0]["probes"].keys() & {"small", "full", "tcp", "small6", "full6", "tcp6"},
                         {"small", "full", "tcp", "small6", "full6", "tcp6"})
        self.assertEqual(self.permanent("c1"), "")

    def test_neighbours_left_by_a_killed_verification_go_and_those_of_others_stay(self):
        self.on("c1", "ip neigh add 10.3.0.200 lladdr 02:00:00:00:00:aa dev eth0 nud permanent protocol 181 && "
                      "ip neigh add 10.3.0.201 lladdr 02:00:00:00:00:bb dev eth0 nud permanent")
        self.addCleanup(self.on, "c1", "ip neigh del 10.3.0.201 dev eth0")
        self.assert_good()
        self.assertEqual(re.findall(r"^\S+", self.permanent("c1"), re.M), ["10.3.0.201"])

    def test_people_are_shown_hosts_and_only_what_fails(self):
        self.on("c3", "ip address flush dev eth0 scope global")
        done = self.lab("verify")
        self.on("c3", "ip address add 10.3.0.13/24 dev eth0; ip address add fd03::13/64 dev eth0 nodad")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stdout, r"host1 +✗ \d+ of \d+ +✗ \d+ of \d+")
        self.assertRegex(done.stdout, r"✗ c3 on host1 has no address")
        self.assertRegex(done.stdout, r"19 of 190 pairs do not reach each other")

    def test_a_route_that_is_missing_is_found(self):
        route = self.on("host1", "ip route show dev eth0").split("\n")[0]
        self.on("host1", f"ip route del {route}")
        self.addCleanup(self.on, "host1", f"ip route replace {route} dev eth0")
        self.assert_finds_and_cures(r"host1 has no route to .*, the other end of its tunnel", "host1")


class Vlans(LabTest):
    """Two networks on one bridge."""

    file = (system.PROJECT / "examples/vlans.yaml").read_text()

    def test_networks_hear_nothing_of_each_other_and_that_is_said(self):
        found = self.assert_good()
        self.assertEqual((found["pairs"]["all"], found["isolation"]), (2, {"isolated": 4, "leaking": 0, "leaks": []}))
        self.assertRegex(self.lab("verify").stdout, r"isolation: 4 pairs of different networks hear nothing of each other")

    def test_a_port_in_the_wrong_network_is_a_leak(self):
        port = json.loads(self.lab("status", "--json").stdout)
        port = next(one["facts"]["port"] for one in port["objects"] if one["name"] == "red1" and one["kind"] == "container")
        self.on("host1", f"ovs-vsctl set Port {port} tag=20")
        self.addCleanup(self.on, "host1", f"ovs-vsctl set Port {port} tag=10")
        status, found = self.verify()
        self.assertEqual(status, 1)
        self.assertIn(["red1", "blue1"], found["isolation"]["leaks"])
        self.assertRegex(found["troubles"][0]["reason"], r"is in VLAN 20, its network is VLAN 10")


if __name__ == "__main__":
    system.main()
