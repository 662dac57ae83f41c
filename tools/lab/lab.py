"""Two hosts and a wire between their eth0, with a folder for what they keep; nothing else on the machine changes.

The folder is named after the process that made it. So a lab whose maker was killed is known by that, and removed by the
next one or by `./run demo --down`; one that is kept on purpose says so in lab.json.
"""

import json
import os
import pathlib
import shutil
import subprocess
import time

from console import StepFailed
from host import NAMESPACES, Host, namespace

ROOT = pathlib.Path("/var/lib/weft-lab")
PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = PROJECT / "build/bin"
START = PROJECT / "tests/tutorial/start"


def start_time(pid):
    """When a process started, in ticks since boot: with the pid it names a process for good. None: it does not run."""
    try:
        state, *fields = pathlib.Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
        return None if state in "ZX" else int(fields[18])
    except (OSError, IndexError, ValueError):
        return None


class Lab:
    def __init__(self, directory, programs=PROGRAMS, start=START):
        self.directory = pathlib.Path(directory)
        self.start_command = start
        self.programs = programs
        self.hosts = [Host(self.directory, number, programs) for number in (1, 2)]
        self.notes = {}
        self.ended = None  # When it was destroyed, as start_time() counts.

    # --- life ---------------------------------------------------------------------------------------------------

    @classmethod
    def create(cls, **options):
        """A new lab of this process; its hosts are still to be started."""
        lab = cls(ROOT / str(os.getpid()), **options)
        ROOT.mkdir(mode=0o700, exist_ok=True)
        lab.directory.mkdir(mode=0o700)
        lab.note(owner=[os.getpid(), start_time(os.getpid())])
        return lab

    @classmethod
    def open(cls, directory):
        """A lab that is there, its hosts as far as they run."""
        lab = cls(directory)
        try:
            lab.notes = json.loads((lab.directory / "lab.json").read_text())
        except (OSError, ValueError):
            lab.notes = {}  # Killed before it could write them.
        for host in lab.hosts:
            host.attach()
        return lab

    def note(self, **notes):
        self.notes.update(notes)
        fresh = self.directory / "lab.json.new"
        fresh.write_text(json.dumps(self.notes))
        fresh.rename(self.directory / "lab.json")

    def has_owner(self):
        """Someone is still at work in it."""
        pid, started = self.notes.get("owner", [self.directory.name, None])
        now = start_time(pid)
        return now is not None and (started is None or now == started)

    def is_kept(self):
        return self.notes.get("kept", False) and all(host.pid for host in self.hosts)

    def start_hosts(self):
        for host in self.hosts:
            host.start()
        one, two = self.hosts
        ip("link", "add", "eth0", "netns", str(one.pid), "type", "veth", "peer", "name", "eth0", "netns", str(two.pid))
        for host in self.hosts:
            host.run(f"ip link set lo up && ip link set eth0 up && ip addr add {host.underlay}/24 dev eth0")

    def destroy(self):
        """Ends the hosts with all that runs in them, and deletes the folder. Fine on half a lab."""
        for host in self.hosts:
            host.stop()
        self.ended = time.clock_gettime(time.CLOCK_BOOTTIME) * os.sysconf("SC_CLK_TCK")
        shutil.rmtree(self.directory, ignore_errors=True)
        try:
            ROOT.rmdir()
        except OSError:
            pass  # Another lab is there.

    # --- the switch ---------------------------------------------------------------------------------------------

    def start_switch(self, host):
        host.run(f"'{self.start_command}' {host.name} - '{host.state}' '{host.programs}'")

    def switch_pids(self, host):
        """As seen on the host."""
        try:
            return [int(word) for word in (host.state / "switch.pid").read_text().split()]
        except (OSError, ValueError):
            return []

    def stop_switch(self, host, signal="TERM", seconds=10):
        pids = " ".join(map(str, self.switch_pids(host)))
        if pids:
            host.run(f"kill -{signal} {pids} 2>/dev/null; tries=0; while kill -0 {pids} 2>/dev/null; do "
                     f"tries=$((tries + 1)); [ $tries -lt {seconds * 20} ] || exit 1; sleep 0.05; done")

    def namespaces(self):
        """Of all hosts, by name of the kernel."""
        return {found for host in self.hosts for kind in NAMESPACES
                if host.pid and (found := namespace(host.pid, kind))}


def ip(*arguments):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if done.returncode:
        raise StepFailed(f"ip {' '.join(arguments)}: {done.stderr.strip()}")


def all_labs():
    try:
        return [Lab.open(path) for path in sorted(ROOT.iterdir()) if path.is_dir()]
    except OSError:
        return []


def remove_leftovers():
    """Removes the labs whose makers were killed. Their number."""
    left = [lab for lab in all_labs() if not lab.has_owner() and not lab.is_kept()]
    for lab in left:
        lab.destroy()
    return len(left)
