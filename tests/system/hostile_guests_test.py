"""Guests that mean harm to what bridges serve: however much one of them asks, and however, the others get their answers."""

import guests
import system

# Connects forty times at once. Tells how many of those beyond the limit of eight are closed again.
CONNECT_OFTEN = """
import socket
held = []
for _ in range(40):
    held.append(socket.create_connection(("169.254.169.254", 80), 3))
print(sum(one.recv(1) == b"" for one in held[8:]))
"""
# From the namespaces g1 to g9, each by six addresses eight times. Tells how many of each are closed at once, and what becomes
# of a silent one and of one that sends a byte now and then.
CONNECT_FROM_ALL = """
import ctypes, os, socket, time
def connect(guest, number):
    return socket.create_connection(("169.254.169.254", 80), 3, (f"10.9.{guest}.{number}", 0))
def is_closed(one):
    one.setblocking(False)
    try:
        return one.recv(1) == b""
    except BlockingIOError:
        return False
held = []
for guest in range(1, 10):
    where = os.open(f"/run/netns/g{guest}", os.O_RDONLY)
    assert ctypes.CDLL(None).setns(where, 0) == 0
    mine = [connect(guest, number) for number in range(1, 7) for _ in range(8)]
    held.append(mine)
time.sleep(1)
print([sum(map(is_closed, mine[:32] if guest < 9 else mine)) for guest, mine in enumerate(held, 1)],
      [sum(map(is_closed, mine[32:])) for mine in held[:8]], flush=True)
slow, silent = held[0][:2]
try:
    slow.settimeout(5)
    for _ in range(60):
        slow.send(b"G")
        time.sleep(0.5)
    print("it may go on for ever")
except OSError:
    silent.settimeout(30)
    print(silent.recv(1))
"""
# What a guest may send as fast as it can: `make` makes the frame with this number. Headers without checksums of TCP and UDP,
# which guests may leave to a device.
FLOOD = """
import random, socket, struct, sys, time
out = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
out.bind(("eth0", 0))
own = bytes.fromhex(open("/sys/class/net/eth0/address").read().strip().replace(":", ""))
service = bytes([2]) + b"WEFT" + bytes([1])
def sum16(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~(total + (total >> 16)) & 0xffff
def ipv4(source, destination, protocol, payload):
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0, source, destination)
    return header[:10] + struct.pack("!H", sum16(header)) + header[12:] + payload
def ipv6(next_header, payload, destination):
    source = bytes.fromhex("fe80000000000000") + own[:3] + b"\\xff\\xfe" + own[3:]
    return struct.pack("!IHBB16s16s", 6 << 28, len(payload), next_header, 255, source, destination) + payload
def udp(source, destination, payload):
    return struct.pack("!HHHH", source, destination, 8 + len(payload), 0) + payload
def mac(number):
    return bytes([2, 9]) + struct.pack("!I", number)
def dhcp(sender, kind, options=b""):
    message = struct.pack("!BBBBIHH16s16s192sI", 1, 1, 6, 0, 7, 0, 0, bytes(16), sender + bytes(10), bytes(192), 0x63825363)
    message += bytes([53, 1, kind]) + options + b"\\xff"
    return b"\\xff" * 6 + sender + b"\\x08\\x00" + ipv4(bytes(4), b"\\xff" * 4, 17, udp(68, 67, message))
def syn(number):
    source = bytes([10, 77, number >> 8 & 255, number & 255])
    tcp = struct.pack("!HHIIBBHHH", 1024 + number % 60000, 80, number, 0, 0x50, 2, 65535, 0, 0)
    return service + own + b"\\x08\\x00" + ipv4(source, bytes([169, 254, 169, 254]), 6, tcp)
def router_solicitation(number):
    group = bytes.fromhex("ff020000000000000000000000000002")
    return b"\\x33\\x33\\0\\0\\0\\2" + own + b"\\x86\\xdd" + ipv6(58, struct.pack("!BBHI", 133, 0, 0, 0), group)
def solicit(number):
    group, sender = bytes.fromhex("ff020000000000000000000000010002"), mac(number)
    duid = struct.pack("!HHHH", 1, 10, 3, 1) + random.randbytes(6)
    message = struct.pack("!I", 1 << 24 | number & 0xffffff) + duid + struct.pack("!HHIIIHH", 3, 12, number, 0, 0, 14, 0)
    return b"\\x33\\x33\\0\\1\\0\\2" + sender + b"\\x86\\xdd" + ipv6(17, udp(546, 547, message), group)
def discover(number):
    return dhcp(mac(number), 1)
"""
# Sends for as long as the file is there, and says after each thousand frames that it does.
FLOOD_ON = FLOOD + """
import os
kinds, number = [globals()[name] for name in sys.argv[2:]], 0
while os.path.exists(sys.argv[1]):
    for make in kinds:
        number += 1
        try:
            out.send(make(number))
        except OSError:
            pass  # The queue is full.
        if number % 1000 == 0:
            print(number, flush=True)
"""
# Gets an address for each of 300 MACs, as far as there are, and does with it what it is told. Prints how many it got.
TAKE_MANY = FLOOD + """
out.settimeout(1)
link = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
link.bind(("eth0", 0))
link.settimeout(0.3)
def ask(frame, kind):
    out.send(frame)
    try:
        while True:
            said = link.recv(2000)[42:]
            if len(said) > 242 and said[242] == kind:
                return said[16:20]
    except TimeoutError:
        return None
server, taken, refused = b"\\x36\\x04" + bytes([169, 254, 169, 254]), set(), 0
for number in range(300):
    address = ask(discover(number), 2)
    if address is None:
        refused += 1
        if refused == 5: break
        continue
    wanted = b"\\x32\\x04" + address + server
    if ask(dhcp(mac(number), 3, wanted), 5):
        taken.add(address)
        if sys.argv[1] == "decline":
            out.send(dhcp(mac(number), 4, wanted))
    time.sleep(0.005)
print(len(taken))
"""


class HostileGuests(guests.GuestTest):
    """Guest 1 is hostile; others come and ask."""

    def add_talker(self, number, addresses=("192.168.100.{}",)):
        guest = self.add_guest(number)
        commands = "; ".join(f"ip addr add {address.format(number)}/24 dev eth0" for address in addresses)
        self.inside(guest, f"sh -c '{commands}; ip route add 169.254.169.254 dev eth0'")
        return guest

    def run_python(self, guest, program, arguments="", timeout=60):
        (self.host.state / "program.py").write_text(program)
        return self.inside(guest, f"python3 {self.host.state}/program.py {arguments}", timeout=timeout).strip()

    def assert_is_served(self, guest):
        """A guest that is no part of it gets an address and its metadata."""
        self.assertRegex(self.udhcpc(guest)["ip"], r"^192\.168\.100\.\d+$")
        self.inside(guest, "ip route replace 169.254.169.254 dev eth0")
        self.assertTrue(self.fetch(guest, "/latest/meta-data/instance-id"))

    def test_a_request_is_bounded_and_so_are_connections_of_one_address(self):
        self.need("curl")
        guest = self.add_talker(1)
        said = self.inside(guest, "curl -s -m 10 -o /dev/null -w '%{http_code}' -H \"X: $(head -c 9000 /dev/zero | tr '\\0' x)\" "
                                  "http://169.254.169.254/latest", check=False).stdout
        self.assertIn(said, ("413", "000"))
        self.assertEqual(self.run_python(guest, CONNECT_OFTEN), "32")

    def test_connections_are_bounded_by_port_and_in_all_and_none_lasts_long(self):
        self.need("curl")
        self.need("busybox")
        for number in range(1, 10):
            self.add_talker(number, [f"10.9.{{}}.{place}" for place in range(1, 7)])
        said = self.host.spawn("connect.log", "python3", "-c", CONNECT_FROM_ALL)
        log = self.host.directory / "connect.log"
        self.wait_until(lambda: log.read_text().strip(), "all are connected")
        # Of eight ports, 32 stay open, which is all there may be; of the ninth port none.
        self.assertEqual(log.read_text().splitlines()[0], f"{[0] * 8 + [48]} {[16] * 8}")
        said.wait(timeout=60)
        self.assertEqual(log.read_text().splitlines()[1], "b''")
        self.assert_is_served(self.add_guest(10))

    def test_one_guest_cannot_take_all_addresses(self):
        self.need("curl")
        self.need("busybox")
        guest = self.add_guest(1)
        for what in ("keep", "decline"):
            self.vsctl(f"set Bridge lu-br0 other_config:pool=192.168.100.{'100-192.168.100.139' if what == 'keep' else '200-192.168.100.239'}")
            self.assertEqual(self.run_python(guest, TAKE_MANY, what), "30")
        self.assertIn("the last 10 of the pool's 40 are for ports that have none yet", self.log())
        for number in (2, 3):
            self.assert_is_served(self.add_guest(number))

    def test_no_flood_of_questions_keeps_others_from_their_answers(self):
        self.need("curl")
        self.need("busybox")
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:100::/64")
        hostile = self.add_guest(1)
        number = 1
        for kinds in ("syn", "discover", "solicit router_solicitation", "syn discover solicit router_solicitation"):
            goes_on, log = self.host.state / "goes-on", self.host.directory / f"flood{number}.log"
            goes_on.touch()
            (self.host.state / "flood.py").write_text(FLOOD_ON)
            flood = self.host.spawn(log.name, "ip", "netns", "exec", hostile, "python3", str(self.host.state / "flood.py"),
                                    str(goes_on), *kinds.split())
            self.wait_until(lambda log=log: "5000\n" in log.read_text(), f"a flood of {kinds}")
            number += 1
            self.assert_is_served(self.add_guest(number))
            self.assertIsNone(flood.poll(), log.read_text())
            goes_on.unlink()
            flood.wait(timeout=10)


if __name__ == "__main__":
    system.main()
