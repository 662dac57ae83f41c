"""What processes cost: CPU time and memory, as the kernel counts them."""

import os
import pathlib
import resource


class Daemons:
    """The processes of some names in the pid namespace that a host's first process leads."""

    def __init__(self, host_pid, names):
        self.pids = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                in_host = os.readlink(f"/proc/{pid}/ns/pid") == os.readlink(f"/proc/{host_pid}/ns/pid")
                name = pathlib.Path("/proc", pid, "comm").read_text().strip()
            except OSError:
                continue
            if in_host and name in names:
                self.pids.append(int(pid))

    def cpu_ms(self):
        return sum(cpu_ms(pid) for pid in self.pids)

    def memory_mb(self):
        return sum(memory_mb(pid) for pid in self.pids)


def cpu_ms(pid):
    """Of all threads, to the nanosecond: the first number of schedstat."""
    total = 0
    for task in pathlib.Path("/proc", str(pid), "task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue  # A thread that ended meanwhile.
    return total / 1e6


def memory_mb(pid):
    for line in pathlib.Path("/proc", str(pid), "status").read_text().split("\n"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children_cpu_ms():
    """Of all child processes that have ended and were waited for, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) * 1000
