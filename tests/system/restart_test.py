"""weftd dies, is upgraded, or comes back after a reboot: what of the network stays, and what is built again."""

import os
import re
import shutil
import signal

import system


class Restart(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.vsctl("add-br lu-br0")

    def test_no_packet_is_lost_and_no_device_made_anew_when_weftd_is_killed(self):
        self.add_container(1)
        self.add_container(2)
        self.host.run("ip link set lu-br0 up")
        self.assert_reaches("c1", 2)
        links, filters = self.links(), self.filters()
        ping = self.host.spawn("ping.log", "ip", "netns", "exec", "c1", "ping", "-n", "-q", "-i", "0.002", "192.168.100.2")
        for _ in range(3):
            self.kill_weftd("KILL")
            self.start_weftd()
        os.killpg(ping.pid, signal.SIGINT)
        ping.wait()
        result = re.compile(r"(\d+) packets transmitted, (\d+) received")
        log = self.host.directory / "ping.log"
        self.wait_until(lambda: result.search(log.read_text()), "the sum of the pings")
        sent, received = map(int, result.search(log.read_text()).groups())
        self.assertGreater(sent, 100)
        # The last one's answer may be on its way when ping ends.
        self.assertLessEqual(sent - received, 1)
        self.assertEqual(self.links(), links)
        self.assertEqual(self.filters(), filters)
        self.assertEqual(self.interface("veth1", "error"), "[]")

    def test_the_switch_learns_and_moves_while_weftd_is_dead(self):
        self.add_container(1)
        self.add_container(2)
        self.kill_weftd("KILL")
        self.assert_reaches("c1", 2)
        self.assert_reaches("c2", 1)

    def test_what_changed_while_weftd_was_dead_is_made_good(self):
        self.add_container(1)
        self.add_container(2)
        self.kill_weftd("KILL")
        self.host.run("""set -e
            ip link delete veth1
            ip link add veth1 type veth peer name eth0 netns c1
            ip link set veth1 up
            ip -n c1 addr add 192.168.100.1/24 dev eth0
            ip -n c1 link set eth0 up
            tc qdisc delete dev veth2 clsact""")
        self.start_weftd()
        self.assert_reaches("c1", 2)

    def test_a_cold_start_builds_everything_again_and_lu_br0_is_up_as_it_was(self):
        self.add_container(1)
        self.vsctl("set Port veth1 tag=7")
        self.host.run("ip link set lu-br0 up")
        self.wait_until(lambda: self.interface("lu-br0", "admin_state") == "up", "weftd has seen that it is up")
        address = self.link("lu-br0")["address"]
        self.kill_weftd("KILL")
        self.reboot()
        self.assertIn("UP", self.link("lu-br0")["flags"])
        self.assertEqual(self.link("lu-br0")["address"], address)
        self.assertEqual(self.vsctl("list-ports lu-br0"), "veth1")
        self.assertEqual(self.interface("veth1", "ofport"), "-1")

    def test_a_cold_start_leaves_lu_br0_down_where_it_was_down(self):
        self.kill_weftd("KILL")
        self.reboot()
        self.assertNotIn("UP", self.link("lu-br0")["flags"])

    def test_lu_br0_is_up_where_the_database_says_so(self):
        self.vsctl("set Interface lu-br0 other_config:admin-state=up")
        self.assertIn("UP", self.link("lu-br0")["flags"])

    def test_a_device_that_was_deleted_is_made_again(self):
        self.host.run("ip link set lu-br0 up")
        self.wait_until(lambda: self.interface("lu-br0", "admin_state") == "up", "weftd has seen that it is up")
        self.host.run("ip link delete lu-br0")
        self.wait_until(lambda: "lu-br0" in self.links() and "UP" in self.link("lu-br0")["flags"], "it is back, and up")

    def reboot(self):
        """Nothing stays but the database."""
        before, self.host = self.host, self.new_host()
        before.stop()
        shutil.copy(before.state / "conf.db", self.host.state / "conf.db")
        self.start_weftd()


if __name__ == "__main__":
    system.main()
