#!/usr/bin/env python3
"""Traffic that means harm: frames that no protocol knows, cut off or contradicting themselves, from a container and from the
underlay. The daemon and the other ports do not notice, and what is dropped is counted under its reason.
"""

import json

import system
from fast_path_test import FastPathTest

# Sends the frames that it makes by a device, all of them; MAKE defines frames().
SENDER = """
import random, socket, struct, sys
random.seed(int(sys.argv[2]))
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind((sys.argv[1], 0))
def mac(text): return bytes.fromhex(text.replace(":", ""))
def noise(size): return random.randbytes(size)
{make}
count = 0
for frame in frames():
    try:
        s.send(frame)
        count += 1
    except OSError:
        pass  # Not even a frame: the kernel refuses it.
print(count)
"""
FROM_BAD_SOURCES = """
def frames():
    for source in ("00:00:00:00:00:00", "01:00:5e:00:00:01", "ff:ff:ff:ff:ff:ff", "33:33:00:00:00:01"):
        for _ in range(25):
            yield mac("52:54:00:00:00:02") + mac(source) + bytes.fromhex("0800") + noise(46)
"""
# Any bytes behind headers that promise ARP, IPv4, IPv6, VLANs, or nothing that exists; whole and cut off.
NONSENSE = """
def frames():
    heads = ["0800", "0806", "86dd", "8100", "88a8", "81000001" + "0800", "88a80001" + "81000fff" + "86dd", "0000", "ffff", "9000"]
    hosts = ["52:54:00:00:00:02", "52:54:00:00:00:01", "ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:05", "52:54:00:00:00:77"]
    for _ in range(4000):
        frame = mac(random.choice(hosts)) + mac("52:54:00:00:00:01") + bytes.fromhex(random.choice(heads))
        version = random.choice([b"", b"\\x45\\x00", b"\\x4f\\xff", b"\\x40", b"\\x60\\x00\\x00\\x00"])
        yield (frame + version + noise(random.choice([0, 1, 19, 40, 200, 1300])))[:random.choice([14, 15, 18, 33, 60, 1400])]
"""
# On the underlay, from addresses of nobody and from that of the other host: outer headers whose lengths lie, odd VXLAN flags,
# unknown VNIs, inner frames that are cut off, tunnels in tunnels.
VXLAN_NONSENSE = """
def sum16(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
def outer(source, payload, ip_bytes=None, udp_bytes=None):
    udp = struct.pack("!HHHH", 50000, 4789, 8 + len(payload) if udp_bytes is None else udp_bytes, 0)
    total = 28 + len(payload) if ip_bytes is None else ip_bytes
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, total, 7, 0, 64, 17, 0, source, socket.inet_aton("172.31.99.1"))
    ip = ip[:10] + struct.pack("!H", sum16(ip)) + ip[12:]
    return TO + FROM + bytes.fromhex("0800") + ip + udp + payload
def vxlan(inner, flags=8, vni=42, low=0):
    return struct.pack("!B3sI", flags, noise(3) if flags != 8 else b"\\0\\0\\0", vni << 8 | low) + inner
TO, FROM = mac(sys.argv[3]), mac(sys.argv[4])
def frames():
    inner = mac("52:54:00:00:00:01") + mac("52:54:00:00:00:66") + bytes.fromhex("0800") + noise(60)
    friend = socket.inet_aton("172.31.99.2")
    for _ in range(1500):
        source = random.choice([friend, noise(4), bytes([10, 0, 0, random.randrange(256)])])
        yield outer(source, vxlan(inner, flags=random.randrange(256)))
        yield outer(source, vxlan(inner, vni=random.randrange(1 << 24), low=random.randrange(256)))
        yield outer(source, vxlan(inner[:random.randrange(len(inner))]))
        yield outer(source, vxlan(inner))[:random.randrange(14, 100)]
        yield outer(source, vxlan(inner), ip_bytes=random.randrange(65536), udp_bytes=random.randrange(65536))
        yield outer(source, vxlan(outer(friend, vxlan(inner))))
        yield outer(source, vxlan(mac("52:54:00:00:00:01") + noise(random.randrange(60))))
"""


class HostileTraffic(FastPathTest):
    """Host a is attacked: by its own container, and by what comes from host b's side of the underlay."""

    def setUp(self):
        super().setUp()
        self.assertEqual(self.ping(), 20)
        self.pid = self.weftd_pid()

    def send(self, make, host, device, *arguments, where=""):
        path = host.directory / "sender.py"
        path.write_text(SENDER.replace("{make}", make))
        return int(host.run(f"{where} python3 {path} {device} 1 {' '.join(arguments)}"))

    def send_from_container(self, make):
        return self.send(make, self.host, "eth0", where="ip netns exec c")

    def drops(self):
        """{(port, reason): frames}"""
        said = json.loads(self.host.run("weft drops --json"))
        return {(drop["port"], drop["reason"]): drop["frames"] for drop in said["drops"]}

    def assert_unharmed(self):
        self.assertEqual(self.weftd_pid(), self.pid)
        self.assertEqual(self.ping(), 20)
        self.assertEqual(self.ping(to="fd01::2"), 20)
        self.assertNotRegex(self.log(), r"\|(EMER|ERR)\|")

    def test_sources_that_nobody_can_have(self):
        sent = self.send_from_container(FROM_BAD_SOURCES)
        self.assertEqual(sent, 100)
        self.assertEqual(self.drops().get(("veth0", "bad-source")), sent)
        self.assert_unharmed()

    def test_nonsense_from_a_container(self):
        self.assertGreater(self.send_from_container(NONSENSE), 1000)
        self.assert_unharmed()

    def test_nonsense_on_the_underlay(self):
        macs = [json.loads(host.run("ip -j link show dev eth0"))[0]["address"] for host in self.hosts]
        self.assertGreater(self.send(VXLAN_NONSENSE, self.hosts[1], "eth0", *macs), 5000)
        self.assert_unharmed()

    def test_a_flood_of_addresses(self):
        """They are not learned as fast as they come; who talks keeps being known."""
        self.send_from_container("""
def frames():
    for _ in range(100000):
        yield mac("52:54:00:00:00:99") + b"\\x02" + noise(5) + bytes.fromhex("88b5") + bytes(46)
""")
        self.assert_unharmed()


if __name__ == "__main__":
    del FastPathTest  # Its tests are run by their own program.
    system.main()
