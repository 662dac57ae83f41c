"""What the judges share: a host with weftd, and other people's programs on it."""

import importlib.util
import pathlib
import shlex
import sys
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests/system"))

import system  # noqa: E402
from system import main  # noqa: E402, F401

SOCKET = "unix:/run/openvswitch/db.sock"
THEIRS = pathlib.Path("/usr/bin")  # Where Debian's programs are; ours come first in the host's PATH.


def needs_module(name, package):
    """Skips a test class where this python has no such module."""
    return unittest.skipUnless(importlib.util.find_spec(name), f"no module {name} for this python (Debian: {package})")


def needs_program(path, package):
    return unittest.skipUnless(pathlib.Path(path).exists(), f"no {path} (Debian: {package})")


class Judge(system.SystemTest):
    def python(self, code):
        """Runs the code on the host, in a python of its own. What it prints."""
        return self.host.run(f"{shlex.quote(sys.executable)} -B -c {shlex.quote(code)}")

    def add_device(self, name):
        self.host.run(f"ip link add {name} type veth peer name {name}p && ip link set {name} up")

    def works(self, port):
        """Has the switch set the port up?"""
        return self.interface(port, "ofport").isdigit()
