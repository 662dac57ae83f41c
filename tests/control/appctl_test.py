#!/usr/bin/python3
"""Runs our ovs-appctl and Open vSwitch's own against the same daemon, Open vSwitch's ovsdb-server: both print the same
on both streams, and end with the same status.

usage: appctl_test.py OVS_APPCTL
"""

import pathlib
import re
import sys
import time
import unittest

from servers import COMMAND_SECONDS, THEIR_APPCTL, Daemon, missing_programs

SKIPPED = 77
COMMANDS = [
    "version", "list-commands", "nope", "nope a b", "version x", "exit now", "vlog/list", "vlog/list-pattern",
    "vlog/set nonexistent", "vlog/set PATTERN", "vlog/set pattern:nonexistent", "vlog/set FACILITY:invalid",
    "vlog/set info:dbg", "vlog/set jsonrpc:console:info", "vlog/close", "vlog/close", "vlog/reopen",
    "vlog/disable-rate-limit nope", "vlog/enable-rate-limit", "coverage/read-counter", "coverage/read-counter nope",
    "memory/show", "ovsdb-server/list-dbs", "ovsdb-server/list-remotes", "ovsdb-server/compact Nope", "-e version",
]
OPTIONS = [
    "", "-t", "-T", "--target", "-x", "--nope", "--t", "--ti 5", "-t nope version", "-t /nonexistent/x version",
    "-t ../x version", "-vnope version", "-vinfo:dbg version", "--syslog-method=nope version", "--syslog-target=x version",
    "-t ovsdb-server -vdbg -vconsole:off version", "--target=ovsdb-server --execute version",
    "-vPATTERN:console:%c|%p|%m -t nope version", "-vPATTERN:console:<%B>%5p|%-7p|%03p|%N%q%% -t nope version",
    "-vFACILITY:mail -vPATTERN:any:<%B>%A -t nope version", "-vpoll_loop:off -vjsonrpc:dbg -vconsole:off -t ovsdb-server version",
    "-vreconnect:emer -voff -t nope version",
]


def outcome(daemon, program, arguments):
    done = daemon.run(program, *arguments)
    errors = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", done.stderr)
    return done.stdout, errors.replace(str(program), "ovs-appctl"), done.returncode


def is_alive(pid):
    """A zombie is not: it holds no lock."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Appctl(unittest.TestCase):
    maxDiff = None

    def assert_same(self, daemon, arguments):
        with self.subTest(" ".join(arguments)):
            self.assertEqual(outcome(daemon, OURS, arguments), outcome(daemon, THEIR_APPCTL, arguments))

    def test_commands_have_the_same_answer(self):
        with Daemon() as daemon:
            for command in COMMANDS:
                self.assert_same(daemon, ["-t", "ovsdb-server", *command.split()])

    def test_options_mean_the_same(self):
        with Daemon() as daemon:
            for line in OPTIONS:
                self.assert_same(daemon, line.split(" ") if line else [])

    def test_a_daemon_that_was_killed_is_told(self):
        with Daemon() as daemon:
            pid = (daemon.place / "ovsdb-server.pid").read_text()
            daemon.run("kill", "-9", pid.strip())
            deadline = time.monotonic() + COMMAND_SECONDS
            while is_alive(pid.strip()) and time.monotonic() < deadline:
                time.sleep(0.01)
            self.assert_same(daemon, ["-t", "ovsdb-server", "version"])

    def test_exit_ends_the_daemon(self):
        with Daemon() as daemon:
            self.assertEqual(outcome(daemon, OURS, ["-t", "ovsdb-server", "exit"]), ("", "", 0))


if __name__ == "__main__":
    OURS = str(pathlib.Path(sys.argv.pop(1)).resolve())
    if missing := missing_programs():
        print(f"skipped: no {', '.join(missing)} on this machine")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
