"""weftd's control sockets: found under each name, by our ovs-appctl and by Open vSwitch's own."""

import os

import system

THEIRS = "/usr/bin/ovs-appctl"
NAMES = ("ovs-vswitchd", "ovsdb-server", "weftd")


class Control(system.SystemTest):
    def appctl(self, arguments, program="ovs-appctl"):
        return self.host.run(f"{program} {arguments}")

    def refused(self, arguments, program="ovs-appctl"):
        done = self.host.run(f"{program} {arguments}", check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        return done.stderr

    def programs(self):
        return ["ovs-appctl"] + ([THEIRS] if os.access(THEIRS, os.X_OK) else [])

    def test_it_answers_under_each_name_as_every_client_asks(self):
        for program in self.programs():
            expected = self.appctl("version", program)
            self.assertIn("(Open vSwitch) 3.1.0", expected)
            for name in NAMES:
                self.assertEqual(self.appctl(f"-t {name} version", program), expected)
                pid = self.host.run(f"cat /run/openvswitch/{name}.pid").strip()
                self.assertEqual(self.appctl(f"-t /run/openvswitch/{name}.{pid}.ctl version", program), expected)
            said = self.refused("-t ovsdb-server nope", program)
            self.assertEqual(said, '"nope" is not a valid command (use "list-commands" to see a list of valid '
                                   'commands)\novs-appctl: ovsdb-server: server returned an error\n')

    def test_its_sockets_are_for_root_only(self):
        listed = self.host.run("find /run/openvswitch -name '*.ctl' -printf '%m %f\\n'").splitlines()
        self.assertEqual(len(listed), len(NAMES))
        self.assertEqual({line.split()[0] for line in listed}, {"600"})

    def test_it_shows_and_forgets_what_the_bridge_has_learned(self):
        self.vsctl("add-br lu-br0")
        for number in (1, 2):
            self.add_container(number)
        self.assert_reaches("c1", 2)
        for program in self.programs():
            heading, *rows = self.appctl("fdb/show lu-br0", program).splitlines()
            self.assertEqual(heading, " port  VLAN  MAC                Age")
            self.assertGreaterEqual(len(rows), 2)
        self.assertEqual(self.appctl("fdb/flush lu-br0"), "table successfully flushed\n")
        self.assertEqual(self.refused("fdb/show nope"), "no such bridge\n"
                         "ovs-appctl: ovs-vswitchd: server returned an error\n")

    def test_it_is_a_database_server_too(self):
        self.assertEqual(self.appctl("ovsdb-server/list-dbs"), "Open_vSwitch\n_Server\n")
        self.assertEqual(self.appctl("-t ovsdb-server ovsdb-server/list-remotes"),
                         "db:Open_vSwitch,Open_vSwitch,manager_options\npunix:/var/run/openvswitch/db.sock\n")
        self.assertEqual(self.appctl("ovsdb-server/compact Open_vSwitch"), "")
        self.assertTrue(self.refused("ovsdb-server/remove-db Open_vSwitch").startswith("Open_vSwitch: the switch works by"))
        self.host.run("printf '%s' '{\"name\": \"other\", \"tables\": {}}' > /run/other.schema && "
                      "ovsdb-tool create /run/other.db /run/other.schema")
        self.appctl("ovsdb-server/add-db /run/other.db")
        self.assertEqual(self.host.run("ovsdb-client list-dbs"), "Open_vSwitch\n_Server\nother\n")
        self.appctl("ovsdb-server/remove-db other")
        self.appctl("ovsdb-server/add-remote punix:/run/second.sock")
        self.assertEqual(self.host.run("ovsdb-client list-dbs unix:/run/second.sock"), "Open_vSwitch\n_Server\n")
        self.appctl("ovsdb-server/remove-remote punix:/run/second.sock")
        self.vsctl("add-br lu-br0")
        self.assertEqual(self.vsctl("list-br"), "lu-br0")

    def test_it_counts_what_it_holds(self):
        before = dict(pair.split(":") for pair in self.appctl("memory/show").split())
        self.vsctl("add-br lu-br0")
        after = dict(pair.split(":") for pair in self.appctl("memory/show").split())
        self.assertEqual(int(after["bridges"]), int(before["bridges"]) + 1)
        for what in ("ports", "rows", "cells", "atoms"):
            self.assertGreater(int(after[what]), int(before[what]), what)

    def test_exit_leaves_the_network_running_and_no_socket(self):
        self.vsctl("add-br lu-br0")
        for number in (1, 2):
            self.add_container(number)
        self.appctl("exit")
        self.wait_until(lambda: self.host.run("ls /run/openvswitch").split() == ["bpf"], "weftd ends")
        self.assert_reaches("c1", 2)

    def test_exit_with_cleanup_leaves_nothing_in_the_kernel_but_the_database_as_it_was(self):
        links, filters = self.links(), self.filters()
        self.vsctl("add-br lu-br0")
        self.assertIn("lu-br0", self.links())
        self.appctl("exit --cleanup", self.programs()[-1])
        self.wait_until(lambda: self.host.run("ls -A /run/openvswitch") == "", "weftd ends")
        self.assertEqual((self.links(), self.filters()), (links, filters))
        self.start_weftd()
        self.assertIn("lu-br0", self.links())

    def test_levels_and_files_of_the_log_are_set_from_outside(self):
        path = self.host.state / "weftd.log"
        self.appctl("vlog/set unixctl:file:dbg")
        self.appctl("version")
        self.assertIn('|unixctl|DBG|received request version[]', path.read_text())
        path.rename(f"{path}.old")
        self.appctl("vlog/reopen")
        self.assertIn("|vlog|INFO|opened log file", path.read_text())
        self.assertIn("unknown module", self.refused("vlog/disable-rate-limit nope"))


class Options(system.SystemTest):
    starts_weftd = False

    def test_the_control_socket_is_where_it_is_wanted(self):
        self.host.run(f"{self.weftd()} --unixctl=/run/here.ctl")
        self.assertIn("3.1.0", self.host.run("ovs-appctl -t /run/here.ctl version"))
        self.assertIn("3.1.0", self.host.run("ovs-appctl version"))

    def test_there_is_none_if_none_is_wanted(self):
        self.host.run(f"{self.weftd()} --unixctl=none")
        self.assertEqual(self.host.run("find /run/openvswitch -name '*.ctl'"), "")

    def test_one_that_cannot_be_had_is_told_and_leaves_nothing(self):
        done = self.host.run(f"{self.weftd()} --unixctl=/nonexistent/x", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/nonexistent/x: could not initialize control socket (No such file or directory)", done.stderr)
        self.assertEqual(self.host.run("find /run/openvswitch -name '*.pid'"), "")

    def test_a_monitor_starts_it_again_when_it_crashes(self):
        self.host.run(f"{self.weftd()} --monitor")
        first = self.weftd_pid()
        self.host.run(f"kill -SEGV {first}")
        self.wait_until(lambda: self.weftd_pid() not in (None, first), "another one runs")
        self.wait_until(lambda: self.host.run("ovs-appctl version", check=False).returncode == 0, "it answers")
        self.assertIn("1 crashes: pid ", self.log())
        self.host.run("ovs-appctl exit")
        self.wait_until(lambda: "exiting" in self.log(), "the monitor ends, too")


if __name__ == "__main__":
    system.main()
