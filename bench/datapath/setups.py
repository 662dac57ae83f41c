"""What the traffic goes through: each setup one or two hosts made of namespaces (tools/lab/host.py), and two ends whose
device is eth0. All of them are up at the same time, so that they can take turns."""

import dataclasses
import pathlib
import subprocess

from frame import TOOLS
from host import Host
from switches import OpenVSwitch, Weft

UNDERLAY_MTU = 1500
OVERLAY_MTU = UNDERLAY_MTU - 50
# A frame more in five minutes is not what is to be measured.
QUIET = "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1 2>/dev/null || true"


@dataclasses.dataclass(frozen=True)
class End:
    netns: str  # A path, as we see it.
    address: str


# --- switches -------------------------------------------------------------------------------------------------------


class LinuxBridge:
    programs = "/usr/sbin:/usr/bin"

    def is_possible(self):
        """On this machine."""
        return True

    def start(self, host):
        # br_netfilter, where the machine has it loaded, would slow the bridge down for nothing.
        host.run("""set -e
            for of in iptables ip6tables arptables; do
                [ ! -e /proc/sys/net/bridge/bridge-nf-call-$of ] || sysctl -qw net.bridge.bridge-nf-call-$of=0
            done
            ip link add br0 type bridge
            ip link set br0 up""")

    def add_port(self, host, device):
        host.run(f"ip link set {device} master br0")

    def connect_underlay(self, host, address):
        host.run(f"ip addr add {address}/24 dev eth0 && ip link set eth0 up")

    def add_tunnel(self, host, local, remote):
        host.run(f"""set -e
            ip link add vxlan0 type vxlan id 42 dstport 4789 local {local} remote {remote} dev eth0
            ip link set vxlan0 up master br0""")

    def prepare_end(self, host, netns):
        pass


class NoSwitch(LinuxBridge):
    """Its ports are joined by something else."""

    def start(self, host):
        pass

    def add_port(self, host, device):
        pass


class DaemonSwitch(LinuxBridge):
    def __init__(self, peer):
        self.peer = peer
        self.programs = peer.programs

    def start(self, host):
        host.run(f"set -e\nstate={host.state}\n{self.peer.start_daemons}\n{self.peer.add_bridge('br0')}")

    def add_port(self, host, device):
        host.vsctl(f"add-port br0 {device}")

    def add_tunnel(self, host, local, remote):
        host.vsctl("add-port br0 vxlan0 -- set Interface vxlan0 type=vxlan options:key=42 "
                   f"options:remote_ip={remote} options:local_ip={local}")


class WeftSwitch(DaemonSwitch):
    def __init__(self):
        super().__init__(Weft())


class OpenVSwitchKernel(DaemonSwitch):
    """Its kernel module forwards, the daemon only sets up flows. Not every machine has the module."""

    def __init__(self):
        super().__init__(OpenVSwitch(datapath="system"))

    def is_possible(self):
        return pathlib.Path("/sys/module/openvswitch").exists()


class OpenVSwitchUserspace(DaemonSwitch):
    def __init__(self, with_tso=False):
        super().__init__(OpenVSwitch("other_config:userspace-tso-enable=true" if with_tso else ""))
        self.with_tso = with_tso

    def connect_underlay(self, host, address):
        """Its own tunnels leave by a bridge of its own that has the underlay's device and address."""
        host.run(f"""set -e
            ip link set eth0 up
            {self.peer.add_bridge('underlay')}
            ovs-vsctl add-port underlay eth0
            ip addr add {address}/24 dev underlay
            ip link set underlay up""")

    def prepare_end(self, host, netns):
        # It would take checksums that are still to be made for wrong ones.
        if not self.with_tso:
            host.run(f"ip netns exec {netns} ethtool -K eth0 tx off")


# --- setups ---------------------------------------------------------------------------------------------------------


class Setup:
    hosts_needed = 1

    def __init__(self, name, label):
        self.name, self.label = name, label
        self.hosts, self.children = [], []

    def start(self, folder, first_number):
        for i in range(self.hosts_needed):
            host = Host(folder, first_number + i, self.programs())
            self.hosts.append(host)
            host.start()
            host.run(f"{QUIET}; ip link set lo up")
        self.connect()

    def reaches(self):
        """Packets get from end to end; and addresses are known from now on."""
        sender, receiver = self.ends()
        done = subprocess.run(["nsenter", f"--net={sender.netns}", "ping", "-q", "-c", "3", "-i", "0.2", "-w", "20",
                               receiver.address], check=False, capture_output=True)
        return done.returncode == 0

    def is_possible(self):
        return True

    def programs(self):
        return "/usr/sbin:/usr/bin"

    def stop(self):
        for child in self.children:
            child.kill()
            child.wait()
        for host in self.hosts:
            host.stop()

    def end(self, i, netns, address):
        return End(f"/proc/{self.hosts[i].pid}/root/run/netns/{netns}", address)


def add_container(host, netns, address, port=None, mtu=UNDERLAY_MTU):
    """A network namespace with eth0; its other end is `port` of the host."""
    if port:
        host.run(f"""set -e
            ip netns add {netns}
            ip link add {port} type veth peer name eth0 netns {netns}
            ip link set {port} up""")
    host.run(f"""set -e
        ip netns exec {netns} {QUIET}
        ip -n {netns} link set lo up
        ip -n {netns} link set eth0 mtu {mtu} up
        ip -n {netns} addr add {address}/24 dev eth0""")


class Switched:
    """Of a setup: it has a switch on each host, whose programs come first in PATH."""

    def __init__(self, name, label, switch):
        super().__init__(name, label)
        self.switch = switch

    def is_possible(self):
        return self.switch.is_possible()

    def programs(self):
        return self.switch.programs


class DirectVeth(Setup):
    def connect(self):
        self.hosts[0].run("""set -e
            ip netns add c1
            ip netns add c2
            ip link add eth0 netns c1 type veth peer name eth0 netns c2""")
        for i in (1, 2):
            add_container(self.hosts[0], f"c{i}", f"10.0.0.{i}")

    def ends(self):
        return self.end(0, "c1", "10.0.0.1"), self.end(0, "c2", "10.0.0.2")


class SameHost(Switched, DirectVeth):
    def connect(self):
        host = self.hosts[0]
        self.switch.start(host)
        for i in (1, 2):
            add_container(host, f"c{i}", f"10.0.0.{i}", f"p{i}")
            self.switch.prepare_end(host, f"c{i}")
            self.switch.add_port(host, f"p{i}")


class RedirectAlone(SameHost):
    """What any switch at tc ingress costs, and no more (redirect.cpp)."""

    def connect(self):
        super().connect()
        self.hosts[0].run(f"{TOOLS}/redirect p1 p2")


class BareUnderlay(Setup):
    hosts_needed = 2

    def connect(self):
        self.connect_hosts()
        for i in (0, 1):
            self.hosts[i].run(f"ip addr add {self.underlay(i)}/24 dev eth0 && ip link set eth0 up")

    def connect_hosts(self):
        a, b = self.hosts
        subprocess.run(["ip", "link", "add", "eth0", "mtu", str(UNDERLAY_MTU), "netns", str(a.pid), "type", "veth",
                        "peer", "name", "eth0", "netns", str(b.pid)], check=True)

    @staticmethod
    def underlay(i):
        return f"172.31.99.{i + 1}"

    def ends(self):
        return tuple(End(f"/proc/{self.hosts[i].pid}/ns/net", self.underlay(i)) for i in (0, 1))


class TwoHosts(Switched, BareUnderlay):
    def connect(self):
        self.connect_hosts()
        for i, host in enumerate(self.hosts):
            self.switch.start(host)
            self.switch.connect_underlay(host, self.underlay(i))
            self.switch.add_tunnel(host, self.underlay(i), self.underlay(1 - i))
            add_container(host, "c", f"10.0.0.{i + 1}", "p1", OVERLAY_MTU)
            self.switch.prepare_end(host, "c")
            self.switch.add_port(host, "p1")

    def ends(self):
        return tuple(self.end(i, "c", f"10.0.0.{i + 1}") for i in (0, 1))

    def add_machines(self, traffic):
        """On each host a "virtual machine" behind a tap (relay.hpp). Where their ends are."""
        for i, host in enumerate(self.hosts):
            host.run("ip netns add vm")
            child = subprocess.Popen([traffic, "relay", f"/proc/{host.pid}/ns/net", "tap0", self.end(i, "vm", "").netns],
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.children.append(child)
            child.stdout.readline()
            host.run("ip link set tap0 up")
            add_container(host, "vm", f"10.0.0.{i + 11}", mtu=OVERLAY_MTU)
            self.switch.add_port(host, "tap0")
        return tuple(self.end(i, "vm", f"10.0.0.{i + 11}") for i in (0, 1))


def same_host():
    return [DirectVeth("direct", "direct veth"),
            RedirectAlone("redirect", "eBPF redirect alone", NoSwitch()),
            SameHost("weft", "Weft", WeftSwitch()),
            SameHost("bridge", "Linux bridge", LinuxBridge()),
            SameHost("ovs-kernel", "Open vSwitch, kernel", OpenVSwitchKernel()),
            SameHost("ovs", "Open vSwitch", OpenVSwitchUserspace()),
            SameHost("ovs-tso", "Open vSwitch, TSO", OpenVSwitchUserspace(with_tso=True))]


def between_hosts():
    return [BareUnderlay("underlay", "bare underlay"),
            TwoHosts("weft-vxlan", "Weft", WeftSwitch()),
            TwoHosts("bridge-vxlan", "Linux bridge + kernel vxlan", LinuxBridge()),
            TwoHosts("ovs-kernel-vxlan", "Open vSwitch, kernel", OpenVSwitchKernel()),
            TwoHosts("ovs-vxlan", "Open vSwitch", OpenVSwitchUserspace())]
