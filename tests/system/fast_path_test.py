#!/usr/bin/env python3
"""The fast path of tunnels, with real packets between two hosts: what takes it, what does not, and what ends it.

Whether frames took it is told by the kernel's vxlan device, whose own counters stand still while they pass it by.
"""

import json
import subprocess

import system

# Of a hundred pings. A header that is repeated is asked for anew every two seconds, and a slow machine takes many of these.
MOST_SLOW_PINGS = 40
SEND_DATAGRAMS = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.IPPROTO_UDP, 103, 1200)  # UDP_SEGMENT
for i in range(10):
    s.sendto(bytes(12000), ("10.0.0.2", 7000))
"""
RECEIVE_DATAGRAMS = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 7000))
s.settimeout(15)
print("ready", flush=True)
count = 0
while count < 100 and len(s.recv(9000)) == 1200:
    count += 1
print(count, flush=True)
"""
# A virtual machine's side of a tap: it says something, then counts datagrams.
READ_TAP = """
import fcntl, os, pathlib, select, struct, subprocess, time
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454ca, struct.pack("16sH22x", b"tap0", 0x1002))  # TUNSETIFF, IFF_TAP | IFF_NO_PI
subprocess.run("ip link set tap0 up", shell=True, check=True)
mac = bytes.fromhex("525400000009")
print("ready", flush=True)
count = 0
until = time.monotonic() + 15
while count < 100 and time.monotonic() < until:
    if not count:
        os.write(tap, b"\\xff" * 6 + mac + bytes.fromhex("88b5") + bytes(46))
    while select.select([tap], [], [], 0.1)[0]:
        frame = os.read(tap, 2000)
        count += frame[:6] == mac and len(frame) == 14 + 20 + 8 + 1200
print(count, flush=True)
"""
RECEIVE_STREAM = """
import socket
s = socket.create_server(("", 7001), family=socket.AF_INET6, dualstack_ipv6=True)
print("ready", flush=True)
c, _ = s.accept()
count = 0
while data := c.recv(1 << 20):
    count += len(data)
print(count, flush=True)
"""
SEND_STREAM = """
import socket, sys
s = socket.create_connection((sys.argv[1], 7001))
s.sendall(bytes(20000000))
"""


class FastPathTest(system.SystemTest):
    starts_weftd = False
    over_ipv6 = False
    other_kind = "weft"

    def setUp(self):
        self.hosts = [self.new_host(), self.new_host()]
        self.host = self.hosts[0]
        a, b = self.hosts
        subprocess.run(f"""set -e
            ip link add ft0 type veth peer name ft1
            ip link set ft0 netns {a.pid} name eth0
            ip link set ft1 netns {b.pid} name eth0""", shell=True, check=True)
        for number, host in enumerate(self.hosts, 1):
            self.make_host(host, number)
        self.make_switch(a)
        (self.make_switch if self.other_kind == "weft" else self.make_linux_bridge)(b)

    def address(self, number):
        return f"fd99::{number}" if self.over_ipv6 else f"172.31.99.{number}"

    def vxlan_settings(self, number):
        extra = "udp6zerocsumtx udp6zerocsumrx" if self.over_ipv6 else ""
        return f"id 42 dstport 4789 local {self.address(number)} remote {self.address(3 - number)} dev eth0 {extra}"

    def make_host(self, host, number):
        host.run(f"""set -e
            ip link set lo up
            ip addr add 172.31.99.{number}/24 dev eth0
            ip addr add fd99::{number}/64 dev eth0 nodad
            ip link set eth0 up
            ip link add vxlan0 type vxlan {self.vxlan_settings(number)}
            ip link set vxlan0 up
            ip netns add c
            ip link add veth0 type veth peer name eth0 netns c
            ip link set veth0 up
            ip -n c link set lo up
            ip -n c link set eth0 mtu 1400 address 52:54:00:00:00:0{number}
            ip -n c addr add 10.0.0.{number}/24 dev eth0
            ip -n c addr add fd01::{number}/64 dev eth0 nodad
            ip -n c link set eth0 up""")

    def make_switch(self, host):
        self.start_weftd(host)
        host.vsctl("add-br br0 -- add-port br0 vxlan0 -- add-port br0 veth0")

    def make_linux_bridge(self, host):
        host.run("""set -e
            ip link add br0 type bridge
            ip link set br0 up
            ip link set vxlan0 master br0
            ip link set veth0 master br0""")

    # --- looking ------------------------------------------------------------------------------------------------

    def ping(self, count=20, to="10.0.0.2", options="", host=None):
        """How many were answered."""
        said = (host or self.host).run(f"ip netns exec c ping -n -q -i 0.01 -W 1 -c {count} {options} {to}",
                                       check=False).stdout
        return int(said.split(" received")[0].split()[-1])

    def device_counts(self, host=None):
        """Frames that the kernel's vxlan device has received and sent."""
        stats = json.loads((host or self.host).run("ip -j -s link show dev vxlan0"))[0]["stats64"]
        return stats["rx"]["packets"], stats["tx"]["packets"]

    def slow_frames(self, work, host=None):
        """What of it went through the kernel's device: (received, sent)."""
        before = self.device_counts(host)
        work()
        return tuple(after - b for after, b in zip(self.device_counts(host), before))

    def assert_fast(self, work, at_most=MOST_SLOW_PINGS):
        received, sent = self.slow_frames(work)
        self.assertLessEqual(received, at_most)
        self.assertLessEqual(sent, at_most)

    def assert_pings_go_fast(self):
        self.assertEqual(self.ping(), 20)
        self.assert_fast(lambda: self.assertEqual(self.ping(100), 100))

    def filters_of(self, device, host=None):
        return [(host or self.host).run(f"tc filter show dev {device} {side}") for side in ("ingress", "egress")]

    def run_python(self, host, program, arguments=""):
        (host.directory / "program.py").write_text(program)
        return host.run(f"ip netns exec c python3 {host.directory}/program.py {arguments}")

    def start(self, host, program, where="ip netns exec c"):
        """A Python program that says "ready" once it is."""
        path = host.directory / "started.py"
        path.write_text(program)
        running = subprocess.Popen(host.enter(*where.split(), "python3", str(path)), stdout=subprocess.PIPE, text=True)
        self.addCleanup(running.stdout.close)
        self.addCleanup(running.kill)
        self.assertEqual(running.stdout.readline().strip(), "ready")
        return running

    def said_by(self, running):
        return running.stdout.readline().strip()


class Between(FastPathTest):
    """Two hosts with Weft, over IPv4."""

    def test_pings_take_it(self):
        self.assert_pings_go_fast()

    def test_so_does_ipv6_inside(self):
        self.assertEqual(self.ping(to="fd01::2"), 20)
        self.assert_fast(lambda: self.assertEqual(self.ping(100, to="fd01::2"), 100))

    def test_fragments_inside_arrive(self):
        self.assertEqual(self.ping(options="-s 4000"), 20)

    def test_broadcast_arrives(self):
        self.hosts[1].run("ip netns exec c sysctl -qw net.ipv4.icmp_echo_ignore_broadcasts=0")
        self.assertEqual(self.ping(3, to="10.0.0.255", options="-b"), 3)

    def test_datagrams_sent_in_one_piece_arrive(self):
        """Inner UDP segmentation offload, as QUIC uses it."""
        self.ping()
        receiver = self.start(self.hosts[1], RECEIVE_DATAGRAMS)
        self.run_python(self.host, SEND_DATAGRAMS)
        self.assertEqual(self.said_by(receiver), "100")

    def test_datagrams_for_a_tap_arrive(self):
        self.ping()
        reader = self.start(self.hosts[1], READ_TAP, where="")
        self.hosts[1].vsctl("add-port br0 tap0")
        self.host.run("ip -n c neigh replace 10.0.0.2 lladdr 52:54:00:00:00:09 dev eth0")
        self.wait_until(lambda: "52:54:00:00:00:09" in self.host.run("bridge fdb show dev vxlan0"), "the tap is heard")
        self.run_python(self.host, SEND_DATAGRAMS)
        self.assertEqual(self.said_by(reader), "100")

    def test_tcp_arrives_whole(self):
        self.ping()
        for address in ("10.0.0.2", "fd01::2"):
            receiver = self.start(self.hosts[1], RECEIVE_STREAM)
            self.assert_fast(lambda: self.run_python(self.host, SEND_STREAM, address), at_most=100)
            self.assertEqual(self.said_by(receiver), "20000000")
            receiver.wait()

    def test_statistics_count_every_frame_once(self):
        self.host.vsctl("set Open_vSwitch . other_config:stats-update-interval=500")
        self.ping()
        self.wait_until(lambda: self.statistics("vxlan0")["tx_packets"] >= 20, "statistics of the first pings")
        before = {name: self.statistics(name) for name in ("vxlan0", "veth0")}
        self.ping(300)
        self.wait_until(lambda: self.statistics("vxlan0")["tx_packets"] >= before["vxlan0"]["tx_packets"] + 300,
                        "statistics")
        grown = {name: {key: value - before[name][key] for key, value in self.statistics(name).items()} for name in before}
        for name, column in (("vxlan0", "rx_packets"), ("vxlan0", "tx_packets"), ("veth0", "rx_packets"),
                             ("veth0", "tx_packets")):
            self.assertTrue(300 <= grown[name][column] <= 340, (name, column, grown))  # ARP, and the first 20 perhaps.

    def statistics(self, interface):
        text = self.host.vsctl(f"get Interface {interface} statistics").strip().strip("{}")
        return {key: int(value) for key, value in (pair.split("=") for pair in text.split(", "))}

    def test_switched_off_by_interface_port_or_bridge(self):
        for record in ("Interface vxlan0", "Port vxlan0", "Bridge br0"):
            self.host.vsctl(f"set {record} other_config:fast-path=false")
            received, sent = self.slow_frames(lambda: self.assertEqual(self.ping(30), 30))
            self.assertGreaterEqual(min(received, sent), 30, record)
            self.assertEqual(self.filters_of("eth0"), ["", ""], record)
            self.host.vsctl(f"remove {record} other_config fast-path")
            self.ping()
            self.assert_fast(lambda: self.assertEqual(self.ping(100), 100))

    def test_a_restart_keeps_it_and_an_end_takes_it_away(self):
        self.ping()
        with_filters = self.filters_of("eth0")
        pid = self.weftd_pid()
        self.host.run(f"kill -9 {pid}")
        self.assert_fast(lambda: self.assertEqual(self.ping(100), 100))
        self.start_weftd()
        self.assertEqual(self.filters_of("eth0"), with_filters)
        self.ping()
        self.assert_fast(lambda: self.assertEqual(self.ping(100), 100))
        self.host.vsctl("del-port vxlan0")
        self.assertEqual(self.filters_of("eth0"), ["", ""])

    def test_leaves_the_filters_of_others_alone(self):
        """Filters that say "go on" (a classic BPF program, without direct action), before and behind ours."""
        for side in ("ingress", "egress"):
            for priority in (10, 40000):
                self.host.run(f"tc filter add dev eth0 {side} prio {priority} bpf bytecode '1,6 0 0 0'")
        self.ping()
        self.assert_fast(lambda: self.assertEqual(self.ping(100), 100))
        self.host.vsctl("del-port vxlan0")
        for text in self.filters_of("eth0"):
            self.assertEqual(text.count("bytecode"), 2, text)
            self.assertNotIn("jited", text)

    def test_works_where_another_filter_ends_the_chain_before_ours(self):
        self.host.run("tc filter add dev eth0 ingress prio 10 bpf bytecode '1,6 0 0 4294967295' classid 1:1")
        received, _ = self.slow_frames(lambda: self.assertEqual(self.ping(50), 50))
        self.assertGreaterEqual(received, 50)

    def test_opens_nothing_that_the_firewall_closes(self):
        self.need_nft()
        self.close_firewall()
        self.ping(5, host=self.hosts[1], to="10.0.0.1")
        self.assertEqual(self.echos_heard(), 0)
        self.host.run("nft flush ruleset")
        self.assert_pings_go_fast()

    def test_asks_the_firewall_again_when_the_kernel_has_forgotten_the_address(self):
        self.need_nft()
        self.host.run("ip link set vxlan0 type vxlan ageing 4")
        self.ping()
        self.close_firewall()
        self.wait_until(lambda: self.ping(1) == 0, "the rule holds")
        heard = self.echos_heard()
        self.ping(5, host=self.hosts[1], to="10.0.0.1")
        self.assertEqual(self.echos_heard(), heard)

    def need_nft(self):
        if self.host.run("nft list ruleset", check=False).returncode:
            self.skipTest("no nft here, or the kernel has no nftables")

    def close_firewall(self):
        self.host.run("nft 'add table inet t; add chain inet t i { type filter hook input priority 0; };"
                      " add rule inet t i udp dport 4789 drop'")

    def echos_heard(self):
        """Echo requests that reached the container."""
        said = self.host.run("ip netns exec c nstat -asz IcmpInEchos | tail -1")
        return int(said.split()[1])

    def test_follows_the_neighbours_address(self):
        self.ping()
        self.hosts[1].run("ip link set eth0 address 02:00:00:00:00:99")
        self.wait_until(lambda: self.ping(5) == 5, "the new address is found")
        self.assert_fast(lambda: self.assertEqual(self.ping(100), 100))

    def test_follows_another_mtu_of_the_underlay(self):
        self.ping()
        for host in self.hosts:
            host.run("ip link set eth0 mtu 1400")
        self.wait_until(lambda: self.ping(5, options="-s 1360") == 5, "the kernel cuts up what is too big now")


class OverIpv6(Between):
    """The same over an IPv6 underlay, whose UDP checksums are off."""

    over_ipv6 = True
    test_follows_another_mtu_of_the_underlay = None  # The kernel itself loses what is too big then.


class ByRoute(FastPathTest):
    """The vxlan devices are bound to no device: their packets go where the routes lead."""

    def vxlan_settings(self, number):
        return f"id 42 dstport 4789 local {self.address(number)} remote {self.address(3 - number)}"

    def test_watches_the_device_that_the_route_leads_to(self):
        self.assert_pings_go_fast()
        self.assertIn("bpf", self.filters_of("eth0")[0])

    def test_follows_the_route_to_another_device(self):
        self.ping()
        a, b = self.hosts
        subprocess.run(f"""set -e
            ip link add ft2 type veth peer name ft3
            ip link set ft2 netns {a.pid} name eth1
            ip link set ft3 netns {b.pid} name eth1""", shell=True, check=True)
        for number, host in enumerate(self.hosts, 1):
            host.run(f"""set -e
                ip addr add 172.31.98.{number}/24 dev eth1
                ip link set eth1 up
                ip route add 172.31.99.{3 - number}/32 dev eth1""")
        self.wait_until(lambda: "bpf" in self.filters_of("eth1")[0], "the other device is watched")
        self.wait_until(lambda: self.filters_of("eth0") == ["", ""], "the first one is not any more")
        self.wait_until(lambda: self.ping(5) == 5, "frames go the new way")
        self.assert_fast(lambda: self.assertEqual(self.ping(100), 100))


class OfOurOwn(FastPathTest):
    """Ports of type vxlan, whose devices Weft makes."""

    def make_switch(self, host):
        host.run("ip link del vxlan0")
        self.start_weftd(host)
        other = 3 - self.hosts.index(host) - 1
        host.vsctl(f"add-br br0 -- add-port br0 vxlan0 -- set Interface vxlan0 type=vxlan options:key=42"
                   f" options:remote_ip={self.address(other)} -- add-port br0 veth0")

    def test_pings_take_it(self):
        self.assert_pings_go_fast()

    def test_a_checksum_that_was_asked_for_is_the_kernels(self):
        for host in self.hosts:
            host.vsctl("set Interface vxlan0 options:csum=true")
        self.assertEqual(self.ping(), 20)
        _, sent = self.slow_frames(lambda: self.assertEqual(self.ping(50), 50))
        self.assertGreaterEqual(sent, 50)


class BesideLinux(FastPathTest):
    """The other host has a Linux bridge and a kernel vxlan device."""

    other_kind = "linux"

    def test_pings_are_sent_fast_and_arrive(self):
        self.assertEqual(self.ping(), 20)
        before = self.device_counts()
        self.assertEqual(self.ping(100), 100)
        _, sent = (after - b for after, b in zip(self.device_counts(), before))
        self.assertLessEqual(sent, MOST_SLOW_PINGS)


if __name__ == "__main__":
    system.main()
