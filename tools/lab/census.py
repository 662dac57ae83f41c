"""What a lab has put into the machine, counted, so that it can be shown to be gone afterwards.

Devices are those beside the two every host begins with, lo and eth0; everything else begins at nothing.

BPF programs and maps are told by what the kernel says of our own hosts (filters, the switch's file descriptors), and
looked for by their ids afterwards: what others load meanwhile is not confused with ours.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time

from host import NAMESPACES, namespace
from lab import start_time

KINDS = ["devices", "filters", "BPF programs", "BPF maps", "processes", "files", "namespaces"]
SETTLE_SECONDS_MAX = 10  # The kernel frees programs, maps and namespaces a little later.


class Census:
    """{kind: set of things}; kinds the machine has no tool for are missing."""

    def __init__(self, things):
        self.things = things

    @classmethod
    def take(cls, lab):
        things = {kind: set() for kind in KINDS}
        for host in lab.hosts:
            if host.pid:
                _count_network(host, things)
                _count_processes(host, things)
                things["files"] |= set(_files(f"/proc/{host.pid}/root/run", host.name))
        things["namespaces"] = lab.namespaces()
        things["files"] |= set(_files(lab.directory, ""))
        if shutil.which("bpftool"):
            _add_maps_of_programs(things)
        else:
            del things["BPF programs"], things["BPF maps"]
        return cls(things)

    def count(self, kind):
        return len(self.things[kind]) if kind in self.things else None

    def left(self, lab, kinds=KINDS):
        """What of this census is still there: {kind: set}, of these kinds. Waits a little for the kernel."""
        until = time.monotonic() + SETTLE_SECONDS_MAX
        while True:
            left = {kind: found & self._now(kind, found, lab) for kind, found in self.things.items() if kind in kinds}
            if not any(left.values()) or time.monotonic() > until:
                return left
            time.sleep(0.05)

    def _now(self, kind, found, lab):
        """What there is of a kind, as far as it may be in `found`."""
        if kind == "files":
            return set(_files(lab.directory, ""))
        if kind == "namespaces":
            # The kernel gives a number again: whoever started after the lab's end is in a new namespace.
            old = [pid for pid in filter(str.isdigit, os.listdir("/proc"))
                   if lab.ended is None or (start_time(pid) or lab.ended) < lab.ended]
            return {namespace(pid, kind) for pid in old for kind in NAMESPACES}
        if kind.startswith("BPF"):
            word = "prog" if kind == "BPF programs" else "map"
            return {number for number in found if _bpf(word, number) is not None}
        things = {kind: set() for kind in KINDS}
        for host in lab.hosts:
            if host.pid:
                (_count_processes if kind == "processes" else _count_network)(host, things)
        return things[kind]


def _count_network(host, things):
    links = json.loads(host.run("ip -j link", check=False).stdout or "[]")
    for link in links:
        name = link["ifname"]
        if name not in ("lo", "eth0"):
            things["devices"].add((host.name, name))
        for side in ("ingress", "egress"):
            said = host.run(f"tc filter show dev {name} {side}", check=False).stdout
            for line in said.split("\n"):
                if found := re.search(r"\bid (\d+)\b", line):
                    things["filters"].add((host.name, name, side, found[1]))
                    things["BPF programs"].add(int(found[1]))


def _count_processes(host, things):
    """All that run in the host's pid namespace, but not its first one, which is the host itself."""
    inside = namespace(host.pid, "pid")
    for pid in filter(str.isdigit, os.listdir("/proc")):
        if namespace(pid, "pid") == inside and int(pid) != host.pid:
            things["processes"].add((host.name, int(pid), _name_of(pid)))
            _count_held(pid, things)


def _name_of(pid):
    try:
        return pathlib.Path("/proc", pid, "comm").read_text().strip()
    except OSError:
        return ""


def _count_held(pid, things):
    """BPF programs and maps a process holds open."""
    for info in pathlib.Path("/proc", pid, "fdinfo").glob("*"):
        try:
            text = info.read_text()
        except OSError:
            continue
        for word, kind in (("prog_id", "BPF programs"), ("map_id", "BPF maps")):
            things[kind] |= {int(number) for number in re.findall(rf"^{word}:\s*(\d+)", text, re.MULTILINE)}


def _add_maps_of_programs(things):
    for number in things["BPF programs"]:
        things["BPF maps"] |= set((_bpf("prog", number) or {}).get("map_ids", []))


def _bpf(word, number):
    """What the kernel says of a program or map; None where there is none of that number."""
    done = subprocess.run(["bpftool", "-j", word, "show", "id", str(number)], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 and done.stdout.startswith("{") and \
        '"error"' not in done.stdout else None


def _files(directory, prefix):
    for folder, _, names in os.walk(directory):
        for name in names:
            yield f"{prefix}{folder}/{name}"
