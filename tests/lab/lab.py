"""What the tests of `weft lab` share: labs in a folder of their own, and a look at what is left of them.

All runs in a pid, mount and network namespace that ends with the test (tests/system/system.py), also by kill -9.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from system import INSIDE, PROGRAMS, PROJECT, SCRATCH, SystemTest, main  # noqa: E402

__all__ = ["CACHE", "LabTest", "fetch_guest", "main", "needs", "needs_guest", "processes", "two_hosts"]

CACHE = PROJECT / "build/cache"  # What is fetched once stays in the build folder.


def needs(*programs):
    lacking = [program for program in programs if not shutil.which(program)]
    return unittest.skipIf(lacking, f"{', '.join(lacking)} not installed")


def fetch_guest():
    """The small guest's kernel is downloaded, which cannot be done from the tests' own network."""
    if INSIDE not in os.environ and os.getuid() == 0 and shutil.which("qemu-system-x86_64"):
        subprocess.run([str(PROGRAMS / "weft"), "lab-guest-image", str(CACHE / "guest")], stderr=subprocess.DEVNULL)


needs_guest = unittest.skipUnless((CACHE / "guest/initrd").exists() or INSIDE not in os.environ, "the small guest could not be made")


def two_hosts(name, containers=("{host: host1}", "{host: host2}"), extra=""):
    """A lab file: two hosts, a network, these containers, named c1, c2 ..."""
    lines = [f"name: {name}", "hosts: [host1, host2]", "networks:",
             "  net0: {vni: 100, group: 239.0.0.1, subnet: 192.168.100.0/24}", "containers:"]
    lines += [f"  c{number}: {settings}" for number, settings in enumerate(containers, 1)]
    return "\n".join(lines) + "\n" + extra


class LabTest(SystemTest):
    starts_weftd = False
    command_seconds_max = 120

    def setUp(self):
        LabTest.folders = getattr(LabTest, "folders", 0) + 1
        self.folder = SCRATCH / f"labs{LabTest.folders}"
        self.files = SCRATCH / f"files{LabTest.folders}"
        self.files.mkdir()
        self.addCleanup(self.end_hosts)

    def environment(self):
        return {**os.environ, "WEFT_LAB_DIR": str(self.folder), "PATH": f"{PROGRAMS}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}

    def command(self, *words):
        return [str(PROGRAMS / "weft"), "lab", *words]

    def lab(self, *words, status=0):
        """Runs `weft lab WORDS`. What it wrote to stdout, or to stderr where it must fail and says why."""
        done = subprocess.run(self.command(*words), env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=self.command_seconds_max, cwd=self.files)
        self.assertEqual(done.returncode, status, f"weft lab {' '.join(words)}\n{done.stdout}{done.stderr}")
        return (done.stderr if status else "") or done.stdout

    def write(self, text, name="lab.yaml"):
        path = self.files / name
        path.write_text(text)
        return str(path)

    def steps(self, *words):
        """What `up` would do, or did: [(action, kind, name)]"""
        said = json.loads(self.lab("up", "--json", *words))
        return [(step["action"], step["kind"], step["name"]) for step in said["steps"]]

    def pings(self, source, address):
        done = subprocess.run(self.command("exec", source, "--", "ping", "-n", "-q", "-c", "2", "-i", "0.1", "-W", "2", address),
                              env=self.environment(), capture_output=True, text=True, timeout=self.command_seconds_max)
        return done.returncode == 0

    def assert_nothing_left(self):
        self.assertEqual(list(self.folder.glob("*")), [])
        self.assertEqual(self.host_processes(), [])

    def host_process(self, host):
        """The first process of one of them."""
        return next(pid for pid in self.host_processes() if b"/hosts/%s\0" % host.encode() in pathlib.Path("/proc", str(pid), "cmdline").read_bytes())

    def host_processes(self):
        """The first processes of simulated hosts of this test."""
        return [pid for pid, words in processes() if b"lab-host-init" in words
                and any(word.startswith(str(self.folder).encode() + b"/") for word in words)]

    def end_hosts(self):
        for pid in self.host_processes():
            os.kill(pid, 9)


def processes():
    """(pid, arguments) of all that can be seen from here."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            yield int(pid), pathlib.Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
