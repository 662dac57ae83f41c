#!/usr/bin/python3
"""ovs-vsctl and a switch that takes its time: a Connection plays the switch.

usage: waiting_test.py OVS_VSCTL [--server=OVSDB_SERVE] [unittest's arguments]
"""

import signal
import subprocess
import sys
import unittest

from servers import Connection, Server, missing_programs

SKIPPED = 77
WAIT_SECONDS = 20
OVS_VSCTL = ""
SERVER_PROGRAM = None


class Waiting(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server(SERVER_PROGRAM))
        self.vsctl("--no-wait", "add-br", "br0")
        self.connect_switch()

    def connect_switch(self):
        self.switch = Connection(self.server.socket)
        self.addCleanup(self.switch.close)

    def start(self, *arguments):
        process = subprocess.Popen([OVS_VSCTL, f"--db={self.server.remote}", *arguments], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        return process

    def end(self, process):
        output, errors = process.communicate(timeout=WAIT_SECONDS)
        return process.returncode, output, errors

    def vsctl(self, *arguments):
        return self.end(self.start(*arguments))

    def next_cfg(self):
        return self.switch.transact({"op": "select", "table": "Open_vSwitch", "where": []})[0]["rows"][0]["next_cfg"]

    def await_next_cfg(self, wanted):
        """Until a client has asked for configuration `wanted`."""
        self.switch.transact({"op": "wait", "table": "Open_vSwitch", "where": [], "columns": ["next_cfg"],
                              "until": "==", "rows": [{"next_cfg": wanted}], "timeout": WAIT_SECONDS * 1000})

    def take_up(self, configuration, **interfaces):
        """What a switch does: each interface's columns first, then cur_cfg."""
        updates = [{"op": "update", "table": "Interface", "where": [["name", "==", name]], "row": row}
                   for name, row in interfaces.items()]
        self.switch.transact(*updates, {"op": "update", "table": "Open_vSwitch", "where": [],
                                        "row": {"cur_cfg": configuration}})

    def test_returns_when_the_switch_has_caught_up_and_not_before(self):
        process = self.start("add-port", "br0", "p1")
        self.await_next_cfg(1)
        self.take_up(0)
        self.assertIsNone(process.poll())
        self.take_up(1, p1={"ofport": 1})
        self.assertEqual(self.end(process), (0, "", ""))

    def test_a_switch_that_is_further_already_is_fine(self):
        process = self.start("add-port", "br0", "p1")
        self.await_next_cfg(1)
        self.take_up(9, p1={"ofport": 1})
        self.assertEqual(self.end(process)[0], 0)

    def test_tells_which_interface_could_not_be_set_up_and_why_and_exits_with_65(self):
        process = self.start("add-port", "br0", "p1", "--", "add-port", "br0", "p2", "--", "add-port", "br0", "p3")
        self.await_next_cfg(1)
        self.take_up(1, p1={"ofport": 1}, p2={"ofport": -1, "error": "could not open network device p2 (No such device)"})
        status, output, errors = self.end(process)
        self.assertEqual((status, output), (65, ""))
        self.assertEqual(sorted(errors.splitlines()), [
            "ovs-vsctl: Error detected while setting up 'p2': could not open network device p2 (No such device).  "
            "See ovs-vswitchd log for details.",
            "ovs-vsctl: Error detected while setting up 'p3'.  See ovs-vswitchd log for details.",
            'ovs-vsctl: The default log directory is "/var/log/openvswitch".'])
        self.assertEqual(self.vsctl("list-ports", "br0")[1], "p1\np2\np3\n")

    def test_does_not_wait_when_nothing_changed(self):
        self.assertEqual(self.vsctl("--if-exists", "del-port", "nope")[0], 0)
        self.assertEqual(self.vsctl("set", "bridge", "br0", "stp_enable=false")[0], 0)
        self.assertEqual(self.vsctl("list-br"), (0, "br0\n", ""))
        self.assertEqual(self.next_cfg(), 0)

    def test_no_wait_leaves_the_configuration_number_alone(self):
        self.assertEqual(self.vsctl("--no-wait", "add-port", "br0", "p1")[0], 0)
        self.assertEqual(self.next_cfg(), 0)

    def test_a_dry_run_does_not_wait(self):
        self.assertEqual(self.vsctl("--dry-run", "add-port", "br0", "p1")[0], 0)
        self.assertEqual((self.next_cfg(), self.vsctl("list-ports", "br0")[1]), (0, ""))

    def test_prints_before_it_waits(self):
        process = self.start("add-port", "br0", "p1", "--", "list-ports", "br0")
        self.assertEqual(process.stdout.readline(), "p1\n")
        self.assertIsNone(process.poll())
        self.take_up(1, p1={"ofport": 1})
        self.assertEqual(self.end(process)[0], 0)

    def test_says_what_it_waits_for_when_it_takes_long(self):
        process = self.start("add-port", "br0", "p1")
        self.assertIn("waiting for the switch", process.stderr.readline())
        self.take_up(1, p1={"ofport": 1})
        self.assertEqual(self.end(process), (0, "", ""))

    def test_a_timeout_kills_it_by_sigalrm_with_the_change_committed(self):
        status, _, errors = self.vsctl("--timeout=1", "add-port", "br0", "p1")
        self.assertEqual(status, -signal.SIGALRM)
        self.assertIn("timed out while waiting for the switch", errors)
        self.assertIn("|fatal_signal|WARN|terminating with signal 14 (Alarm clock)", errors)
        self.assertEqual(self.vsctl("list-ports", "br0")[1], "p1\n")

    def test_survives_a_restart_of_the_server_while_it_waits(self):
        process = self.start("add-port", "br0", "p1")
        self.await_next_cfg(1)
        self.server.stop()
        self.server.start()
        self.connect_switch()
        self.take_up(1, p1={"ofport": 1})
        self.assertEqual(self.end(process), (0, "", ""))

    def test_retry_waits_for_the_server_to_start(self):
        self.server.stop()
        self.assertEqual(self.vsctl("list-br")[0], 1)
        process = self.start("--retry", "list-br")
        self.server.start()
        self.assertEqual(self.end(process), (0, "br0\n", ""))

    def test_many_at_once_all_succeed(self):
        processes = [self.start("--no-wait", "add-port", "br0", f"p{i:02}") for i in range(20)]
        for process in processes:
            self.assertEqual(self.end(process), (0, "", ""))
        self.assertEqual(len(self.vsctl("list-ports", "br0")[1].split()), 20)

    def test_of_several_that_make_the_same_bridge_one_succeeds(self):
        processes = [self.start("--no-wait", "add-br", "br1") for _ in range(8)]
        self.assertEqual(sorted(self.end(process)[0] for process in processes), [0] + [1] * 7)


if __name__ == "__main__":
    OVS_VSCTL = sys.argv.pop(1)
    if len(sys.argv) > 1 and sys.argv[1].startswith("--server="):
        SERVER_PROGRAM = sys.argv.pop(1).removeprefix("--server=")
    elif missing_programs():
        print(f"skipped: needs {', '.join(missing_programs())} (Debian: openvswitch-switch)")
        sys.exit(SKIPPED)
    unittest.main()
