"""The address table under pressure: its size, floods of forged addresses, loops."""

import json
import re

import system

# Frames to an address that nobody has, from so many forged ones; and to everybody, from the container's own.
FORGE = """
import socket, sys
count = int(sys.argv[1])
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(("eth0", 0))
for number in range(count):
    out.send(bytes.fromhex("02feffffffff" "02cc%08x" % number) + bytes([0x88, 0xb5]) + bytes(46))
"""
BROADCASTS = """
import socket, sys
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(("eth0", 0))
own = open("/sys/class/net/eth0/address").read().strip().replace(":", "")
for _ in range(int(sys.argv[1])):
    out.send(bytes.fromhex("ff" * 6 + own) + bytes([0x88, 0xb5]) + bytes(46))
"""


class Addresses(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.vsctl("add-br lu-br0")

    def appctl(self, arguments):
        return self.host.run(f"ovs-appctl {arguments}")

    def statistics(self):
        """{first word of the line: its last number}, and the size of the table as "maximum"."""
        said = self.appctl("fdb/stats-show lu-br0")
        now, maximum = re.search(r"Current/maximum MAC entries in the table: (\d+)/(\d+)\n", said).groups()
        numbers = {word: int(number) for word, number in re.findall(r"Total number of (\S+) .*: (\d+)", said)}
        return numbers | {"now": int(now), "maximum": int(maximum)}

    def run_python(self, container, program, argument):
        self.host.run(f"ip netns exec {container} python3 - {argument} <<'END'\n{program}\nEND")

    def address(self, container):
        return self.link("eth0", container)["address"]

    def port_status(self, port):
        return self.vsctl(f"get Port {port} status")

    def drops(self, reason):
        told = json.loads(self.appctl("weft/drops lu-br0"))["drops"]
        return sum(drop["frames"] for drop in told if drop["reason"] == reason)

    def test_the_size_of_the_table_is_what_the_bridge_says_within_what_the_manual_allows(self):
        self.assertEqual(self.statistics()["maximum"], 8192)
        for asked, given in (("100", 100), ("1", 10), ("1000000", 1000000), ("2000000", 1000000), ("-1", 1000000), ("many", 8192)):
            self.vsctl(f"set Bridge lu-br0 other_config:mac-table-size={asked}")
            self.assertEqual(self.statistics()["maximum"], given)
        self.vsctl("remove Bridge lu-br0 other_config mac-table-size")
        self.assertEqual(self.statistics()["maximum"], 8192)

    def test_a_table_that_becomes_smaller_forgets_those_that_were_silent_for_longest(self):
        self.add_container(1)
        self.run_python("c1", FORGE, 100)
        self.assertGreaterEqual(self.statistics()["now"], 100)
        self.vsctl("set Bridge lu-br0 other_config:mac-table-size=10")
        self.assertLessEqual(self.statistics()["now"], 10)
        self.assertGreaterEqual(self.statistics()["evicted"], 90)

    def test_those_who_talk_keep_their_place_in_a_flood_of_forged_addresses(self):
        for number in (1, 2, 3):
            self.add_container(number)
        self.vsctl("set Bridge lu-br0 other_config:mac-table-size=64")
        # Long enough to be known as ones that go on sending.
        self.host.run("ip netns exec c1 ping -n -q -i 0.2 -c 15 192.168.100.2")
        talk = self.host.run("ip netns exec c1 ping -n -q -i 0.2 192.168.100.2 >/dev/null 2>&1 </dev/null & echo $!")
        for _ in range(20):
            self.run_python("c3", FORGE, 500)
            table = self.appctl("fdb/show lu-br0")
            for container in ("c1", "c2"):
                self.assertIn(self.address(container), table)
        self.host.run(f"kill {talk}")
        statistics = self.statistics()
        self.assertLessEqual(statistics["now"], 64)
        self.assertGreater(statistics["evicted"], 0)
        self.assertGreater(self.drops("learning-limited"), 0)
        self.assert_reaches("c1", 2)

    def test_a_weftd_that_comes_back_goes_on_with_the_table_as_it_is(self):
        self.add_container(1)
        self.vsctl("set Bridge lu-br0 other_config:mac-table-size=20")
        self.run_python("c1", FORGE, 10)
        self.kill_weftd("KILL")
        self.run_python("c1", FORGE, 40)
        self.start_weftd()
        statistics = self.statistics()
        self.assertLessEqual(statistics["now"], 20)
        self.assertGreater(statistics["evicted"], 0)
        self.assertRegex(self.appctl("fdb/show lu-br0"), "02:cc:00:00:00:(1[4-9a-f]|2)", "one that came when it was full")

    def test_a_loop_does_not_take_the_host_down(self):
        self.add_container(1)
        self.add_container(2)
        self.assert_reaches("c1", 2)
        self.host.run("""set -e
            ip link add la type veth peer name lb
            for file in /proc/sys/net/ipv6/conf/l[ab]/disable_ipv6; do [ ! -e $file ] || echo 1 >$file; done
            ip link set la up
            ip link set lb up""")
        self.vsctl("add-port lu-br0 la -- add-port lu-br0 lb")
        self.run_python("c1", BROADCASTS, 10)
        self.wait_until(lambda: "flapping" in self.port_status("veth1"), "Port.status tells that c1's address flaps")
        self.assertIn(self.address("c1"), self.port_status("veth1"))
        self.assertIn("moves between veth1 and", self.log())
        self.assertGreater(self.drops("flapping"), 0)
        # The loop is there, and what goes round in it has come to its end.
        self.assertEqual(self.pings("c1", 2, 3), 3)
        self.wait_until(self.is_quiet, "nothing goes round in the loop")
        self.vsctl("del-port lb")
        self.wait_until(lambda: self.port_status("veth1") == "{}", "Port.status forgets it when the loop is gone")
        self.assert_reaches("c1", 2)

    def is_quiet(self):
        before = self.link("la")["stats64"]["tx"]["packets"]
        self.vsctl("show")  # Some ten milliseconds, in which a storm would send thousands.
        return self.link("la")["stats64"]["tx"]["packets"] - before < 50


if __name__ == "__main__":
    system.main()
