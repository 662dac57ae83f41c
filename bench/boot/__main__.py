"""./run bench boot: how long cloud guests boot, on a bridge that gives them addresses and metadata, and on one that does not.

One host in namespaces with weftd, and on it the same virtual machines on either bridge, all of one bridge at a time. In each
round first those that are answered, then those that ask in vain. Time counts from qemu's start.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import frame  # noqa: E402
from frame import number  # noqa: E402
from switches import PROGRAMS, PROJECT  # noqa: E402

from console import Console, StepFailed, exit_status  # noqa: E402
from guest import accelerator, build_image  # noqa: E402
from host import Host  # noqa: E402

IMAGES = PROJECT / "tests/lab/cloud_image"
CACHE = PROJECT / "build/cache/cloud_image"
SCRATCH = pathlib.Path("/media" if PROJECT.is_relative_to("/mnt") else "/mnt")  # Our own tmpfs is mounted there.
ROUNDS = 3
BOOT_SECONDS_MAX = 900
SETTLED_SECONDS = 5  # So long a guest goes on answering that has its address for good: cloud-init takes one before to ask.
NOBODY = "192.168.100.254"
BRIDGES = {"both": "-- set Bridge {} other_config:subnet=192.168.100.0/24 other_config:metadata=true", "neither": ""}


class Work:
    """An image, and what its console says when it is ready: what it asks for at its start is done or given up."""

    def __init__(self, label, name, memory_mb, ready):
        self.label, self.name, self.memory_mb, self.ready = label, name, memory_mb, re.compile(ready)
        self.image = CACHE / name / f"{name}.qcow2"

    def make_image(self):
        """The reason why it cannot be made; None: it is there."""
        done = subprocess.run([IMAGES / self.name / "build", self.image.parent], capture_output=True, text=True)
        return (done.stderr.strip() or "it cannot be made").split("\n")[-1] if done.returncode else None


WORKS = [Work("Debian's cloud image", "debian", 512, rb"Cloud-init v\. \S+ finished at"),
         Work("a guest that asks as cirros does", "cirros_like", 128, rb"guest is up")]


class Guest:
    """A virtual machine that boots."""

    def __init__(self, host, work, bridge, place, accelerator_name):
        self.work, self.console = work, host.directory / f"{work.name}.console"
        self.address = f"192.168.100.{place}" if bridge == "both" else None
        self.seconds_to_address = self.seconds_to_ready = None
        self.host, self.port, self.disk = host, f"vnet{place}", host.directory / f"{work.name}.qcow2"
        self.pid_file = host.directory / f"{work.name}.pid"
        settings = f"-- set Interface {self.port} other_config:ip-address={self.address}" if self.address else ""
        host.run(f"""set -e
            ip tuntap add dev {self.port} mode tap
            ip link set {self.port} up
            ovs-vsctl --timeout=20 add-port {bridge} {self.port} {settings}
            qemu-img create -q -f qcow2 -b {work.image} -F qcow2 {self.disk}""")
        self.began = time.monotonic()
        self.process = host.spawn(
            f"{work.name}.log", "qemu-system-x86_64", "-accel", accelerator_name, "-cpu", "max", "-m", str(work.memory_mb),
            "-nodefaults", "-display", "none", "-pidfile", str(self.pid_file), "-smbios", "type=1,manufacturer=OpenStack Foundation,product=OpenStack Nova",
            "-drive", f"file={self.disk},format=qcow2,if=virtio", "-serial", f"file:{self.console}",
            "-netdev", f"tap,id=net0,ifname={self.port},script=no,downscript=no",
            "-device", f"virtio-net-pci,netdev=net0,mac=52:54:00:00:00:{place:02x},romfile=")
        self.waiter = host.spawn(f"{work.name}.log", "weft", "lab-await-address", self.port, self.address, NOBODY,
                                 str(SETTLED_SECONDS), str(BOOT_SECONDS_MAX)) if self.address else None

    def end(self):
        """No more is wanted of it; its disk and what it said go, too."""
        self.host.run(f"kill -KILL $(cat {self.pid_file})", check=False)
        self.process.wait()
        self.host.run(f"ip link delete {self.port}; rm -f {self.disk} {self.console} {self.pid_file}", check=False)

    def look(self):
        """True once there is nothing more to wait for."""
        passed = time.monotonic() - self.began
        if self.process.poll() is not None:
            raise StepFailed(f"{self.work.label}: qemu has ended")
        if passed > BOOT_SECONDS_MAX:
            raise StepFailed(f"{self.work.label}: not ready after {BOOT_SECONDS_MAX} s")
        if self.seconds_to_ready is None and self.console.exists() and self.work.ready.search(self.console.read_bytes()):
            self.seconds_to_ready = passed
        if self.waiter and self.seconds_to_address is None and self.waiter.poll() == 0:
            self.seconds_to_address = passed - SETTLED_SECONDS
        return self.seconds_to_ready is not None and (self.waiter is None or self.seconds_to_address is not None)


def boot_all(host, bridge, works, accelerator_name):
    """All of them on a bridge of that kind, which is made for them. {name: seconds to the address and to be ready}"""
    host.vsctl(f"add-br {bridge} {BRIDGES[bridge].format(bridge)}")
    guests = [Guest(host, work, bridge, place, accelerator_name) for place, work in enumerate(works, 21)]
    try:
        while not all([guest.look() for guest in guests]):
            time.sleep(0.05)
    finally:
        for guest in guests:
            guest.end()
        host.vsctl(f"del-br {bridge}")
    return {guest.work.name: [guest.seconds_to_address, guest.seconds_to_ready] for guest in guests}


def measure(console, works, rounds):
    """{bridge: {name: [[seconds to the address, to be ready] a round]}}"""
    values = {bridge: {work.name: [] for work in works} for bridge in BRIDGES}
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(SCRATCH)], check=True)
    host = Host(SCRATCH, 1, PROGRAMS)
    try:
        with console.step("host"):
            build_image()
            accelerator_name = accelerator()
            host.start()
            host.run(f"weftd --detach --db-file={host.state}/conf.db --log-file={host.state}/weftd.log")
        for turn in range(rounds):
            with console.step(f"round {turn + 1}/{rounds}") as step:
                for bridge in BRIDGES:
                    step.say(f"{bridge} of addresses and metadata ({accelerator_name})")
                    for name, seconds in boot_all(host, bridge, works, accelerator_name).items():
                        values[bridge][name].append(seconds)
    finally:
        host.stop()
    return values, accelerator_name


HEADINGS = ["guest", "with both:\nits address", "\nready", "with neither:\nits address", "\nready", "ready\nsooner by"]


def rows_of(works, values):
    rows = []
    for work in works:
        address, ready = (statistics.median(column) for column in zip(*values["both"][work.name]))
        vainly = statistics.median(seconds for _, seconds in values["neither"][work.name])
        rows.append([work.label, number(address, "s"), number(ready, "s"), "never", number(vainly, "s"),
                     number(vainly / ready, "x")])
    return rows


def measure_and_tell(console, arguments):
    wanted, rounds = (WORKS[1:], 1) if arguments.quick else (WORKS, arguments.rounds)
    load = os.getloadavg()[0]
    works = []
    for work in wanted:
        with console.step("image") as step:
            step.say(work.label)
            if reason := work.make_image():
                step.skip(f"{work.label}: {reason}")
            else:
                works.append(work)
    if not works:
        raise StepFailed("no guest could be made")
    values, accelerator_name = measure(console, works, rounds)
    rows = rows_of(works, values)
    how = {"tcg": "emulated (TCG)", "kvm": "KVM"}[accelerator_name]
    frame.tell(console, arguments, "boot",
               {"rounds": rounds, "load": load, "accelerator": accelerator_name, "values": values},
               f"Medians of {rounds} rounds, {frame.machine()}, {how}; load when it began {load:.1f}.", HEADINGS, rows,
               "lrrrrr")


def main():
    parser = argparse.ArgumentParser(prog="./run bench boot", description=__doc__.split("\n\n")[0])
    frame.common_arguments(parser, quick="one round of the small guest")
    parser.set_defaults(rounds=ROUNDS)
    arguments = parser.parse_args()
    console = Console(sys.stderr if arguments.json else sys.stdout)
    if reason := frame.lacks_rights():
        console.line("failed", "bench boot", reason)
        return 1
    frame.go_inside()
    console.title("bench boot", "cloud guests, answered and not")
    return exit_status(console, lambda: measure_and_tell(console, arguments))


if __name__ == "__main__":
    sys.exit(main())
