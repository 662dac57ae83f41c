#!/usr/bin/python3
"""ovsdb-client in the background: what it goes on telling, and how ovs-appctl steers it.

usage: background_test.py OVSDB_CLIENT OVS_APPCTL [--server=OVSDB_SERVE] [unittest's arguments]
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "vsctl"))

from servers import Connection, Server, missing_programs  # noqa: E402

SKIPPED = 77
WAIT_SECONDS = 10
CLIENT = ""
APPCTL = ""
SERVER_PROGRAM = None


class Background(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server(SERVER_PROGRAM))
        self.place = self.server.place
        self.environment = {**os.environ, "OVS_RUNDIR": str(self.place), "OVS_LOGDIR": str(self.place)}
        self.connection = Connection(self.server.socket)
        self.addCleanup(self.connection.close)
        self.connection.transact({"op": "insert", "table": "Open_vSwitch", "row": {}})

    def start(self, name, *arguments):
        """Returns once it is in the background, with the initial answer in file `name`."""
        with open(self.place / name, "w") as output:
            done = subprocess.run([CLIENT, f"--pidfile={name}.pid", f"--unixctl={name}.ctl", "--detach", *arguments],
                                  stdout=output, stderr=subprocess.PIPE, text=True, timeout=WAIT_SECONDS,
                                  env=self.environment)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.addCleanup(self.end, name)

    def end(self, name):
        if pid := self.pid(name):
            os.kill(pid, signal.SIGKILL)

    def pid(self, name):
        """None when it has ended, which it may do while this looks."""
        try:
            return int((self.place / f"{name}.pid").read_text())
        except FileNotFoundError:
            return None

    def steer(self, name, *words):
        done = subprocess.run([APPCTL, "-t", self.place / f"{name}.ctl", *words], capture_output=True, text=True,
                              timeout=WAIT_SECONDS, env=self.environment)
        return done.returncode, done.stdout + done.stderr

    def output(self, name):
        return (self.place / name).read_text()

    def wait_until(self, is_so, what):
        until = time.monotonic() + WAIT_SECONDS
        while not is_so():
            if time.monotonic() > until:
                self.fail(f"waited in vain: {what}")
            time.sleep(0.01)

    def wait_for_output(self, name, text):
        self.wait_until(lambda: self.output(name) == text, f"{text!r}, but there is {self.output(name)!r}")

    def add_queue(self, dscp):
        self.connection.transact({"op": "insert", "table": "Queue", "row": {"dscp": dscp}})

    def monitored(self, name):
        """(action, dscp) of each line of a monitor of table Queue."""
        lines = [line.split(",") for line in self.output(name).splitlines() if line]
        return [(words[1], json.loads(words[2]) if words[2] else None) for words in lines if words[0] != "row"]

    def start_monitor(self, name, *command):
        self.start(name, "-fcsv", "-djson", "--no-headings", *command)

    def test_a_monitor_goes_on_telling_changes(self):
        self.add_queue(1)
        self.start_monitor("m", "monitor", self.server.remote, "Open_vSwitch", "Queue", "dscp")
        self.assertEqual(self.monitored("m"), [("initial", 1)])
        self.add_queue(2)
        self.wait_until(lambda: self.monitored("m") == [("initial", 1), ("insert", 2)], "the second queue")

    def test_a_condition_can_be_changed(self):
        for dscp in (1, 2):
            self.add_queue(dscp)
        self.start_monitor("m", "monitor-cond", self.server.remote, "Open_vSwitch", '[["dscp","==",1]]', "Queue", "dscp")
        self.assertEqual(self.monitored("m"), [("initial", 1)])
        self.assertEqual(self.steer("m", "ovsdb-client/cond_change", "Queue", '[["dscp","==",2]]'),
                         (0, "condition changed\n"))
        self.wait_until(lambda: sorted(map(str, self.monitored("m")))
                        == sorted(map(str, [("initial", 1), ("delete", None), ("insert", 2)])), "the other queue")
        status, said = self.steer("m", "ovsdb-client/cond_change", "Queue", "[nonsense")
        self.assertNotEqual(status, 0)
        self.assertIn("[nonsense", said)

    def test_reading_can_be_blocked_and_goes_on_later(self):
        self.start_monitor("m", "monitor", self.server.remote, "Open_vSwitch", "Queue", "dscp")
        self.assertEqual(self.steer("m", "ovsdb-client/unblock"), (0, "already unblocked\n"))
        self.assertEqual(self.steer("m", "ovsdb-client/block"), (0, ""))
        self.assertEqual(self.steer("m", "ovsdb-client/block"), (0, "already blocking\n"))
        self.add_queue(1)
        self.assertEqual(self.steer("m", "version")[0], 0)
        self.assertEqual(self.output("m"), "")
        self.assertEqual(self.steer("m", "ovsdb-client/unblock"), (0, ""))
        self.wait_until(lambda: self.monitored("m") == [("insert", 1)], "the queue")

    def test_locks_are_taken_given_up_and_stolen_on_one_connection(self):
        self.start("a", "lock", self.server.remote, "L")
        self.start("b", "lock", self.server.remote, "L")
        self.assertEqual((self.output("a"), self.output("b")), ('{"locked":true}\n', '{"locked":false}\n'))
        self.assertEqual(self.steer("a", "unlock", "L"), (0, ""))
        self.wait_for_output("b", '{"locked":false}\nlocked\n["L"]\n')
        self.assertEqual(self.steer("a", "steal", "L"), (0, ""))
        self.wait_for_output("a", '{"locked":true}\n{}\n{"locked":true}\n')
        self.wait_for_output("b", '{"locked":false}\nlocked\n["L"]\nstolen\n["L"]\n')

    def test_it_leaves_no_files_when_told_to_exit(self):
        self.start("a", "lock", self.server.remote, "L")
        self.assertEqual(self.steer("a", "exit"), (0, ""))
        self.wait_until(lambda: not self.pid("a"), "the pid file goes")
        self.assertFalse((self.place / "a.ctl").exists())

    def test_it_leaves_no_files_when_it_is_terminated(self):
        self.start("a", "lock", self.server.remote, "L")
        os.kill(self.pid("a"), signal.SIGTERM)
        self.wait_until(lambda: not self.pid("a"), "the pid file goes")
        self.assertFalse((self.place / "a.ctl").exists())

    def test_it_ends_with_the_server(self):
        self.start_monitor("m", "monitor", self.server.remote, "Open_vSwitch", "Queue", "dscp")
        self.server.stop()
        self.wait_until(lambda: not self.pid("m"), "the pid file goes")

    def test_a_mistake_is_told_to_whoever_called_and_nothing_is_left(self):
        done = subprocess.run([CLIENT, "--pidfile=m.pid", "--detach", "monitor", self.server.remote, "Open_vSwitch",
                               "Nope"], capture_output=True, text=True, timeout=WAIT_SECONDS, env=self.environment)
        self.assertEqual(done.returncode, 1)
        self.assertIn("Nope", done.stderr)
        self.assertFalse(self.pid("m"))


if __name__ == "__main__":
    CLIENT, APPCTL = sys.argv.pop(1), sys.argv.pop(1)
    if len(sys.argv) > 1 and sys.argv[1].startswith("--server="):
        SERVER_PROGRAM = sys.argv.pop(1).removeprefix("--server=")
    elif missing_programs():
        print(f"skipped: needs {', '.join(missing_programs())} (Debian: openvswitch-switch)")
        sys.exit(SKIPPED)
    unittest.main()
