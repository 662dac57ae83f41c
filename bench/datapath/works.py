"""The works that are measured: what `traffic` is told, and how its figure is written."""

import dataclasses
import json
import subprocess

from console import StepFailed
from frame import TOOLS
from setups import NoSwitch, SameHost

TRAFFIC, FDB_SCALE = str(TOOLS / "traffic"), str(TOOLS / "fdb_scale")
FDB_CASES = ("10:10", "1000:1000", "100000:100000", "1000000:1000000", "1000000:10")  # Addresses: of which so many talk.
RESTARTS = 3


@dataclasses.dataclass(frozen=True)
class Work:
    name: str
    label: str
    unit: str
    divisor: float  # From what `traffic` counts to the unit.

    def measure(self, setup, ends, seconds):
        """(rate in the unit, CPU ns for each of what is counted)"""
        sender, receiver = ends
        said = run(f"{setup.label}, {self.label}", TRAFFIC, self.name, sender.netns, receiver.netns, receiver.address,
                   str(seconds))
        return said["per_second"] / self.divisor, said["cpu_ns"]


WORKS = (Work("tcp", "TCP stream", "Gbit/s", 1e9),
         Work("ping-pong", "UDP ping-pong", "k/s", 1e3),
         Work("udp", "UDP packets", "k/s", 1e3),
         Work("blast", "raw blast", "k/s", 1e3))
# Beside them, between hosts: from a machine's tap to another's, and from container to container.
MACHINE_WORK = WORKS[0]
SEGMENTS_WORK = Work("segments", "UDP GSO", "Gbit/s", 1e9)


def run(what, *command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        said = done.stderr.strip() or f"ended by signal {-done.returncode}"
        raise StepFailed(f"{what}: {said}")
    return json.loads(done.stdout)


class FdbScale(SameHost):
    """A switch without daemon: the program with a table of its own (fdb_scale.cpp)."""

    def __init__(self):
        super().__init__("fdb", "address table", NoSwitch())

    def nanoseconds(self, seconds):
        """{case: ns of a CPU a packet, sender's and receiver's included}"""
        sender, receiver = self.ends()
        return run("address table", FDB_SCALE, f"/proc/{self.hosts[0].pid}/ns/net", "p1", "p2", sender.netns,
                   receiver.netns, str(seconds), *FDB_CASES)


# --- what is lost ---------------------------------------------------------------------------------------------------


class Counted:
    """Traffic whose every packet is counted, for as long as the body of a `with` takes."""

    def __init__(self, ends):
        self.ends = ends
        self.sent = self.received = 0

    def __enter__(self):
        sender, receiver = self.ends
        self.child = subprocess.Popen([TRAFFIC, "counted", sender.netns, receiver.netns, receiver.address],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        return self

    def __exit__(self, kind, *_):
        said, error = self.child.communicate()
        if kind is None and self.child.returncode:
            raise StepFailed(f"counted packets: {error.strip()}")
        if kind is None:
            self.sent, self.received = (json.loads(said)[word] for word in ("sent", "received"))


def lost_by_restarts(setup):
    """weftd of the first host is killed and started again: (packets lost, packets sent)."""
    host = setup.hosts[0]
    with Counted(setup.ends()) as counted:
        for _ in range(RESTARTS):
            host.run(f"""set -e
                pid=$(cat /run/openvswitch/weftd.pid)
                kill -KILL $pid
                while [ -d /proc/$pid ]; do sleep 0.01; done
                state={host.state}
                {setup.switch.peer.start_daemons}
                ovs-vsctl --timeout=60 get Interface p1 ofport""", timeout=120)
    return counted.sent - counted.received, counted.sent


def lost_by_ports(setup, ports):
    """Other ports come to the bridge of the first host, and go: (packets lost, packets sent)."""
    host = setup.hosts[0]
    host.run(f"for i in $(seq {ports}); do echo link add x$i type veth peer name y$i; done | ip -batch -", timeout=300)
    with Counted(setup.ends()) as counted:
        for command in ("add", "del"):
            host.run(f"ovs-vsctl --timeout=120 $(for i in $(seq {ports}); do echo -- {command}-port br0 x$i; done)",
                     timeout=300)
    return counted.sent - counted.received, counted.sent
