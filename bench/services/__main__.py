"""./run bench services: how long a guest waits for its address, and for metadata.

One host in namespaces, with weftd and a guest behind a port. Each figure is of every single answer; the first address is
of a client that people use, from its start to its end.
"""

import argparse
import json
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

from console import Console, StepFailed  # noqa: E402
from host import Host  # noqa: E402

SCRATCH = pathlib.Path("/media" if frame.PROJECT.is_relative_to("/mnt") else "/mnt")  # Our own tmpfs is mounted there.
GUEST = pathlib.Path(__file__).with_name("guest.py")
NETWORK = "other_config:subnet=10.0.0.0/16 other_config:metadata=true"
LABELS = {"offer": "DHCP: DISCOVER to OFFER", "ack": "DHCP: REQUEST to ACK", "metadata": "metadata: connect, ask, answer (curl)",
          "udhcpc": "busybox udhcpc, from its start to its end"}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run bench services", description=__doc__.split("\n\n")[0])
    parser.add_argument("--answers", type=int, default=500, help="how many of each (default: 500)")
    parser.add_argument("--quick", action="store_true", help="50 answers: for a look")
    parser.add_argument("--json", action="store_true", help="every value in microseconds, as JSON")
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


def measure(host, answers):
    values = json.loads(host.run(f"ip netns exec guest {sys.executable} {GUEST} {answers}", timeout=600))
    if shutil.which("busybox"):
        values["udhcpc"] = timed(host, "busybox udhcpc -i eth0 -f -n -q -s /bin/true", max(5, answers // 20))
    if shutil.which("curl"):
        host.run("ip -n guest addr add 10.0.0.1/16 dev eth0; ip -n guest route add 169.254.169.254 dev eth0")
        said = host.run(f"ip netns exec guest sh -c 'for i in $(seq {max(5, answers // 5)}); do curl -s -o /dev/null "
                        "-w \"%{time_total}\\n\" http://169.254.169.254/latest/meta-data/instance-id; done'", timeout=600)
        values["metadata"] = [float(line) * 1e6 for line in said.split()]
    return values


def main():
    arguments = parse_arguments()
    if reason := frame.lacks_rights():
        sys.exit(f"skipped: {reason}")
    frame.go_inside()
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(SCRATCH)], check=True)
    host = Host(SCRATCH, 1, frame.PROJECT / "build/bin")
    console = Console(stream=sys.stderr) if arguments.json else Console()
    try:
        with console.step("services"):
            set_up(host)
            values = measure(host, arguments.answers)
    except StepFailed:
        sys.exit(1)
    finally:
        host.stop()
    if arguments.json:
        print(json.dumps(values))
        return
    print(f"\n    {frame.machine()}\n")
    for name, of_name in values.items():
        worst = sorted(of_name)[int(len(of_name) * 0.99)]
        print(f"    {LABELS[name]:<45} median {number(statistics.median(of_name) / 1000, 'ms'):>10}   "
              f"99th of 100 {number(worst / 1000, 'ms'):>10}   {len(of_name)} answers")


if __name__ == "__main__":
    main()
