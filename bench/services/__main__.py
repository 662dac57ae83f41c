"""./run bench services: how long a guest waits for its address, and for metadata.

One host in namespaces, with weftd and a guest behind a port. Each figure is of every single answer; the first address is
of a client that people use, from its start to its end.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import frame  # noqa: E402
from frame import number  # noqa: E402

sys.path.insert(0, str(frame.PROJECT / "tools/lab"))

from console import Console, exit_status  # noqa: E402
from host import Host  # noqa: E402

SCRATCH = pathlib.Path("/media" if frame.PROJECT.is_relative_to("/mnt") else "/mnt")  # Our own tmpfs is mounted there.
GUEST = pathlib.Path(__file__).with_name("guest.py")
NETWORK = "other_config:subnet=10.0.0.0/16 other_config:metadata=true"
LABELS = {"offer": "DHCP: DISCOVER to OFFER", "ack": "DHCP: REQUEST to ACK",
          "offer beside others": "... DISCOVER to OFFER, other hosts are asked", "ack beside others": "... REQUEST to ACK, likewise",
          "udhcpc": "busybox udhcpc, from its start to its end", "metadata": "metadata: connect, ask, answer (curl)"}
ASKED_MS = {"offer": 10, "offer beside others": 10}
HEADINGS = ["answer", "median", "99th of 100", "how many", "to reach", "reached"]


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run bench services", description=__doc__.split("\n\n")[0])
    parser.add_argument("--answers", type=int, default=500, help="how many of each (default: 500)")
    parser.add_argument("--quick", action="store_true", help="50 answers: for a look")
    parser.add_argument("--json", action="store_true", help="every value in microseconds, as JSON")
    parser.add_argument("--keep", action="store_true", help=f"put the table into {frame.PAGE.relative_to(frame.PROJECT)}")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.answers = 50
    return arguments


def set_up(host):
    host.start()
    host.run(f"weftd --detach --db-file={host.state}/conf.db --log-file={host.state}/weftd.log")
    host.vsctl(f"add-br lu-br0 -- set Bridge lu-br0 {NETWORK}")
    host.run("""set -e
        ip netns add guest
        ip link add veth0 type veth peer name eth0 netns guest
        ip link set veth0 up
        ip -n guest link set lo up
        ip -n guest link set eth0 up""")
    host.vsctl("add-port lu-br0 veth0")


def timed(host, command, count):
    values = []
    for _ in range(count):
        began = time.perf_counter()
        host.run(f"ip netns exec guest {command}")
        values.append((time.perf_counter() - began) * 1e6)
    return values


def ask(host, answers):
    return json.loads(host.run(f"ip netns exec guest {sys.executable} {GUEST} {answers}", timeout=600))


def add_tunnel(host):
    """To a host that is not there. Whether it has given an address is asked all the same."""
    host.run("""set -e
        ip link add under0 type veth peer name under1
        ip addr add 172.31.99.1/24 dev under0
        ip link set under0 up
        ip link set under1 up""")
    host.vsctl("add-port lu-br0 vxlan0 -- set Interface vxlan0 type=vxlan options:key=1 options:remote_ip=172.31.99.2")


def measure(host, answers):
    values = ask(host, answers)
    if shutil.which("busybox"):
        values["udhcpc"] = timed(host, "busybox udhcpc -i eth0 -f -n -q -s /bin/true", max(5, answers // 20))
    if shutil.which("curl"):
        host.run("ip -n guest addr add 10.0.0.1/16 dev eth0; ip -n guest route add 169.254.169.254 dev eth0")
        said = host.run(f"ip netns exec guest sh -c 'for i in $(seq {max(5, answers // 5)}); do curl -s -o /dev/null "
                        "-w \"%{time_total}\\n\" http://169.254.169.254/latest/meta-data/instance-id; done'", timeout=600)
        values["metadata"] = [float(line) * 1e6 for line in said.split()]
    add_tunnel(host)
    values |= {f"{name} beside others": of_name for name, of_name in ask(host, answers).items()}
    return values


def rows_of(values):
    rows = []
    for name, label in LABELS.items():
        if name not in values:
            continue
        worst, asked = sorted(values[name])[int(len(values[name]) * 0.99)] / 1000, ASKED_MS.get(name)
        reached = "" if asked is None else "yes" if worst < asked else "no"
        rows.append([label, number(statistics.median(values[name]) / 1000, "ms"), number(worst, "ms"), str(len(values[name])),
                     f"under {asked} ms" if asked else "", reached])
    return rows


def measure_and_tell(console, arguments):
    host, load = Host(SCRATCH, 1, frame.PROJECT / "build/bin"), os.getloadavg()[0]
    try:
        with console.step("services"):
            set_up(host)
            values = measure(host, arguments.answers)
    finally:
        host.stop()
    frame.tell(console, arguments, "services", values, f"{frame.machine()}; load when it began {load:.1f}.", HEADINGS,
               rows_of(values), "lrrrll")


def main():
    arguments = parse_arguments()
    console = Console(sys.stderr if arguments.json else sys.stdout)
    if reason := frame.lacks_rights():
        console.line("failed", "bench services", reason)
        return 1
    frame.go_inside()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(SCRATCH)], check=True)
    console.title("bench services", "how long a guest waits for its address, and for metadata")
    return exit_status(console, lambda: measure_and_tell(console, arguments))


if __name__ == "__main__":
    sys.exit(main())
