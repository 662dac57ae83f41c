"""The tutorial's network, step by step, on the two hosts of a lab; and the same in reverse.

A step says what it did in a few words, or raises StepFailed. Who calls shows or judges it: ./run demo, the test.
"""

import json
import re
import time

import guest
from console import StepFailed

GROUP, VNI, PORT = "239.0.0.1", 100, 4789
BRIDGE, TUNNEL = "lu-br0", "vxlan0"
PINGS = 5
STEADY_PINGS = 200  # Under which weftd is killed.


class Endpoint:
    """What can ping and be pinged: a container or a VM, with an address in the overlay."""

    def __init__(self, name, host, address, run):
        self.name, self.host, self.address, self.run = name, host, address, run


class Tutorial:
    def __init__(self, lab, vm=None):
        """vm: "libvirt", "qemu", or None for containers only."""
        self.lab, self.vm = lab, vm
        self.guests = [guest.Guest(host, vm) for host in lab.hosts] if vm else []
        self.accelerator = None

    def up(self):
        """[(label, step)], in order."""
        steps = [("two hosts", self.start_hosts), ("weftd", self.start_switches), (TUNNEL, self.add_tunnels),
                 ("tunnel", self.ping_tunnel), (BRIDGE, self.add_bridges), ("containers", self.add_containers)]
        if self.vm:
            steps += [("guest", self.prepare_guest), ("VMs", self.start_guests)]
        return steps

    def down(self):
        steps = [("VMs", self.stop_guests)] if self.vm else []
        return steps + [("containers", self.remove_containers), (BRIDGE, self.remove_bridges),
                        (TUNNEL, self.remove_tunnels), ("weftd", self.stop_switches)]

    # --- up -----------------------------------------------------------------------------------------------------

    def start_hosts(self, say):
        self.lab.start_hosts()
        return f"{' and '.join(host.name for host in self.lab.hosts)}, a wire between them"

    def start_switches(self, say):
        for host in self.lab.hosts:
            say(f"starting on {host.name}")
            self.lab.start_switch(host)
        return "one on each host, ready"

    def add_tunnels(self, say):
        for host in self.lab.hosts:
            host.run(f"ip link add {TUNNEL} type vxlan id {VNI} dstport {PORT} group {GROUP} dev eth0 && "
                     f"ip addr add 192.168.100.{host.number}/24 dev {TUNNEL} && ip link set {TUNNEL} up")
        return f"VNI {VNI}, group {GROUP}, UDP port {PORT}"

    def ping_tunnel(self, say):
        one, two = self.lab.hosts
        ping(lambda command: _run_on(two, command), "192.168.100.1", 1)
        for host in self.lab.hosts:
            host.run(f"ip addr del 192.168.100.{host.number}/24 dev {TUNNEL}")
        return f"{two.name} reaches {one.name} through {TUNNEL}"

    def add_bridges(self, say):
        for host in self.lab.hosts:
            host.vsctl(f"add-br {BRIDGE}")
            host.vsctl(f"add-port {BRIDGE} {TUNNEL}")
            host.run(f"ip link set {TUNNEL} up && ip link set {BRIDGE} up")
        return f"a bridge on each host, {TUNNEL} is its port"

    def add_containers(self, say):
        for host in self.lab.hosts:
            inside = "ip netns exec container0 ip"
            host.run("ip netns add container0 && ip link add veth0 type veth peer name veth1")
            host.vsctl(f"add-port {BRIDGE} veth0")
            host.run(f"ip link set veth0 up && ip link set veth1 netns container0 && {inside} link set lo up && "
                     f"{inside} link set veth1 name eth0 && {inside} addr add 192.168.100.1{host.number}/24 dev eth0 && "
                     f"{inside} link set eth0 up")
        return "container0 on each host, plugged in with veth0"

    def prepare_guest(self, say):
        say("Debian's kernel and busybox")
        guest.build_image()
        say("trying KVM")
        self.accelerator = guest.accelerator()
        how = "with KVM" if self.accelerator == "kvm" else "emulated: no KVM"
        return f"busybox on Debian's kernel, {how}"

    def start_guests(self, say):
        way = "libvirt" if self.vm == "libvirt" else "qemu and a tap"
        for machine in self.guests:
            say(f"{machine.name}, {way}: starting")
            machine.start(self.accelerator)
        for machine in self.guests:
            say(f"{machine.name}: booting")
            machine.wait()
            machine.set_address()
        return f"{' and '.join(machine.name for machine in self.guests)}, by {way}"

    # --- what is there --------------------------------------------------------------------------------------------

    def checks(self):
        """With the network up."""
        return [("ovs-vsctl show", self.check_show), ("kill -9", self.kill_switches)]

    def ports(self):
        return {TUNNEL, "veth0"} | ({"vnet0"} if self.vm else set())

    def check_show(self, say):
        for host in self.lab.hosts:
            check_show(host.name, host.vsctl("show"), self.ports())
        return f"{BRIDGE} with {', '.join(sorted(self.ports()))} on each host"

    def endpoints(self):
        found = [Endpoint("container0", host, f"192.168.100.1{host.number}",
                          lambda command, host=host: _run_on(host, f"ip netns exec container0 {command}"))
                 for host in self.lab.hosts]
        found += [Endpoint(machine.name, machine.host, machine.address, machine.serial.run) for machine in self.guests]
        return sorted(found, key=lambda endpoint: endpoint.host.number)

    def ping_all(self, say):
        """{(from, to): Pings} for every pair of endpoints, by their positions in endpoints()."""
        ends, answers = self.endpoints(), {}
        for i, source in enumerate(ends):
            for j, target in enumerate(ends):
                if i != j:
                    say(f"{source.host.name} {source.name} -> {target.host.name} {target.name}")
                    answers[i, j] = ping(source.run, target.address, PINGS, may_fail=True)
        return answers

    def kill_switches(self, say):
        """kill -9 and a new start under steady traffic: nothing is lost, no device is made anew."""
        one, two = self.lab.hosts
        before = [devices(host) for host in self.lab.hosts]
        count, interval_seconds = STEADY_PINGS, 0.02
        pinging = two.spawn("ping.log", "ip", "netns", "exec", "container0", "ping", "-q", "-c", str(count), "-i",
                            str(interval_seconds), "192.168.100.11")
        for host in self.lab.hosts:
            time.sleep(count * interval_seconds / 5)
            self.lab.stop_switch(host, "KILL")
            time.sleep(count * interval_seconds / 10)
            self.lab.start_switch(host)
        pinging.wait()
        received = received_of((two.directory / "ping.log").read_text())
        if received != count:
            raise StepFailed(f"{count - received} of {count} pings were lost while weftd was away")
        if before != [devices(host) for host in self.lab.hosts]:
            raise StepFailed("weftd made devices anew when it came back")
        return f"weftd killed on each host: 0 of {count} pings lost"

    # --- down -----------------------------------------------------------------------------------------------------

    def stop_guests(self, say):
        for machine in reversed(self.guests):
            machine.stop()
        return "off, and out of their bridges"

    def remove_containers(self, say):
        for host in reversed(self.lab.hosts):
            host.run("ip netns delete container0")
        return "deleted, and their veth0 with them"

    def remove_bridges(self, say):
        for host in reversed(self.lab.hosts):
            host.vsctl(f"del-br {BRIDGE}")
        return "deleted, with their ports"

    def remove_tunnels(self, say):
        for host in reversed(self.lab.hosts):
            host.run(f"ip link delete {TUNNEL}")
        return "deleted"

    def stop_switches(self, say):
        for host in reversed(self.lab.hosts):
            self.lab.stop_switch(host)
        return "stopped"


def _run_on(host, command):
    done = host.run(command, check=False)
    return done.returncode, done.stdout + done.stderr


class Pings:
    def __init__(self, sent, received, mean_ms):
        self.sent, self.received, self.mean_ms = sent, received, mean_ms


def ping(run, address, count, may_fail=False):
    """Pings from where `run` runs; understands iputils and busybox. StepFailed if something is lost, unless it may."""
    _, said = run(f"ping -c {count} -i 0.2 -W 1 {address}")
    times = re.search(r"= [\d.]+/([\d.]+)/", said)
    answer = Pings(count, received_of(said), float(times[1]) if times else None)
    if answer.received < count and not may_fail:
        raise StepFailed(f"{address} did not answer {count - answer.received} of {count} pings")
    return answer


def received_of(said):
    """How many answers a ping counted, by its closing lines; 0 where it has none."""
    found = re.search(r"packets transmitted, (\d+)(?: packets)? received", said)
    return int(found[1]) if found else 0


def devices(host):
    """{name: number in the kernel}: a device that was deleted and made again has another number."""
    return {link["ifname"]: link["ifindex"] for link in json.loads(host.run("ip -j link"))}


def check_show(where, text, ports):
    """`ovs-vsctl show` is as the tutorial prints it: the bridge, its own port of type internal, and `ports`."""
    lines = text.rstrip("\n").split("\n")
    if not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lines[0]):
        raise StepFailed(f"{where}: show does not begin with a UUID: {lines[0]}")
    if not re.fullmatch(r'    ovs_version: ".+"', lines[-1]):
        raise StepFailed(f"{where}: show does not end with the version: {lines[-1]}")
    expected = {f"        Port {port}\n            Interface {port}" for port in ports}
    expected.add(f"        Port {BRIDGE}\n            Interface {BRIDGE}\n                type: internal")
    body = "\n".join(lines[1:-1])
    first, *found = re.split(r"\n(?=        Port )", body)
    if first.split("\n")[0] != f"    Bridge {BRIDGE}" or set(found) != expected or len(found) != len(expected):
        raise StepFailed(f"{where}: show prints something else than the bridge with {', '.join(sorted(ports))}:\n{body}")
