"""Leases over time and over hosts: renewal with clients that people use, and addresses that two hosts' guests want."""

import os
import subprocess
import time

import guests
import system

# For any client: what it is told becomes the guest's address.
SET_ADDRESS = """#!/bin/sh
case "${reason:-$1}" in
    bound|renew|BOUND|RENEW|REBIND|REBOOT)
        ip -4 addr show dev eth0 | grep -q " ${new_ip_address:-$ip}/" || ip -4 addr flush dev eth0
        ip addr replace "${new_ip_address:-$ip}/24" dev eth0
        ip route replace 169.254.169.254 dev eth0 ;;
    BOUND6|RENEW6|REBIND6)
        ip addr replace "$new_ip6_address/128" dev eth0 nodad ;;
    EXPIRE6)
        ip addr del "$old_ip6_address/128" dev eth0 ;;
    deconfig|nak|EXPIRE|FAIL)
        ip -4 addr flush dev eth0 ;;
esac
true
"""
CYCLE_SECONDS_MAX = 40  # Longer than a lease.
# Two MACs (their last bytes) that the rule gives the same address of 192.168.100.0/24, and this address.
MEET, MEETING_ADDRESS = (12, 34), "192.168.100.166"


class Leases(guests.GuestTest):
    def start_client(self, name, guest, host=None):
        """The client goes on until the host ends."""
        host = host or self.host
        script = host.state / "set-address"
        script.write_text(SET_ADDRESS)
        script.chmod(0o755)
        files = f"-lf {host.state}/{guest}.leases -pf {host.state}/{guest}.pid"
        command = {"udhcpc": f"busybox udhcpc -i eth0 -f -t 5 -T 1 -s {script}",
                   "dhclient": f"dhclient -d -sf {script} {files} eth0",
                   "dhclient -6": f"dhclient -6 -d -sf {script} {files} eth0",
                   "dhcpcd": "dhcpcd -4 -B -A -c /bin/true -f /dev/null eth0"}[name]
        if name == "dhcpcd" and os.path.isdir("/var/lib/dhcpcd"):
            host.run("mountpoint -q /var/lib/dhcpcd || mount -t tmpfs tmpfs /var/lib/dhcpcd")  # What is there is the machine's.
        host.spawn(f"{guest}.log", "ip", "netns", "exec", guest, *command.split())

    def leases(self, host=None):
        """{port: (address, expires)}"""
        lines = (host or self.host).run("ovs-appctl weft/leases").splitlines()[1:]
        return {words[4]: (words[2], words[5]) for words in map(str.split, lines)}

    def address(self, port, host=None):
        return self.leases(host).get(port, ("", ""))[0]

    def has_address(self, guest, address, host=None):
        return f" {address}/" in self.inside(guest, "ip addr show dev eth0", host=host)


class Renewal(Leases):
    """All clients that are installed, side by side. A lease lasts for 32 s: clients renew it after 16 (udhcpc after no less),
    and ask everybody after 28."""

    def setUp(self):
        super().setUp()
        self.vsctl("set Bridge lu-br0 other_config:lease-time=32 other_config:subnet6=fd00:100::/120")
        clients = [name for name in ("udhcpc", "dhclient", "dhclient -6", "dhcpcd")
                   if subprocess.run(["which", "busybox" if name == "udhcpc" else name.split()[0]], capture_output=True).returncode == 0]
        if not clients:
            self.skipTest("no client of DHCP is installed")
        self.clients = {f"veth{number}": name for number, name in enumerate(clients, 1)}
        self.first = {}

    def test_guests_keep_their_addresses_and_follow_settings(self):
        for number, (port, name) in enumerate(self.clients.items(), 1):
            guest = self.add_guest(number)
            self.wait_until(lambda guest=guest: "tentative" not in self.inside(guest, "ip -6 addr show dev eth0"), "eth0 is ready")
            self.start_client(name, guest)
        self.wait_until(lambda: set(self.leases()) == set(self.clients), "all have a lease")
        self.first = {port: self.address(port) for port in self.clients}
        kept = self.host.state / "conf.db.leases"
        self.wait_until(lambda: kept.exists() and len(kept.read_text().splitlines()) == len(self.clients), "they are kept")
        self.kill_weftd("KILL")
        self.start_weftd()
        self.assert_renewed("after a restart of weftd")
        self.kill_weftd("TERM")
        time.sleep(17)  # All of them have asked in vain meanwhile.
        self.start_weftd()
        self.assert_renewed("after weftd was away when it was time")
        self.change_addresses()

    def assert_renewed(self, how):
        before = self.leases()
        self.assertEqual({port: address for port, (address, expires) in before.items()}, self.first)
        for port, name in self.clients.items():
            self.wait_until(lambda port=port: self.leases().get(port, before[port])[1] != before[port][1], f"{name} renews {how}",
                            CYCLE_SECONDS_MAX)
        for number, (port, address) in enumerate(self.first.items(), 1):
            self.assertEqual(self.address(port), address, f"{self.clients[port]} {how}")
            self.assertTrue(self.has_address(f"g{number}", address), f"{self.clients[port]} {how}")

    def change_addresses(self):
        wanted = {}
        for number, (port, name) in enumerate(self.clients.items(), 1):
            key, wanted[port] = (("ip6-address", f"fd00:100::2{number}") if name.endswith("-6") else
                                 ("ip-address", f"192.168.100.20{number}"))
            self.vsctl(f"set Interface {port} 'other_config:{key}=\"{wanted[port]}\"'")
        for number, (port, name) in enumerate(self.clients.items(), 1):
            self.wait_until(lambda number=number, port=port: self.has_address(f"g{number}", wanted[port]),
                            f"{name} takes the new address when it renews", CYCLE_SECONDS_MAX)
            self.assertFalse(self.has_address(f"g{number}", self.first[port]), f"{name} gives the old address up")


class OnTwoHosts(Leases):
    """Both bridges serve the same network, which a tunnel joins."""

    def setUp(self):
        super().setUp()
        self.other = self.new_host()
        subprocess.run(["ip", "link", "add", "eth0", "netns", str(self.host.pid), "type", "veth", "peer", "name", "eth0", "netns",
                        str(self.other.pid)], check=True)
        self.start_weftd(self.other)
        self.other.vsctl(f"add-br lu-br0 -- set Bridge lu-br0 {guests.NETWORK}")
        for here, there in ((self.host, self.other), (self.other, self.host)):
            here.run(f"ip link set eth0 up; ip addr add {here.underlay}/24 dev eth0")
            here.vsctl(f"add-port lu-br0 vx0 -- set Interface vx0 type=vxlan options:remote_ip={there.underlay}")
        self.host.run(f"ping -q -c 1 -W 5 {self.other.underlay}")

    def log_of(self, host):
        return (host.state / "weftd.log").read_text()

    def test_guests_whose_macs_meet_in_one_address_get_two(self):
        self.need("busybox")
        self.need("dhclient")
        here, there = self.add_guest(MEET[0]), self.add_guest(MEET[1], host=self.other)
        told = self.udhcpc(here)
        self.assertEqual(told["ip"], MEETING_ADDRESS)
        self.start_client("dhclient", there, self.other)
        port = f"veth{MEET[1]}"
        self.wait_until(lambda: self.address(port, self.other), "the other guest has an address", CYCLE_SECONDS_MAX)
        self.assertNotEqual(self.address(port, self.other), MEETING_ADDRESS)
        self.assertIn(f"{MEETING_ADDRESS} is in use by 02:00:00:00:00:0c on another host", self.log_of(self.other))

    def test_a_guest_that_is_switched_off_keeps_its_address_all_the_same(self):
        self.need("busybox")
        here, there = self.add_guest(MEET[0]), self.add_guest(MEET[1], host=self.other)
        self.assertEqual(self.udhcpc(here)["ip"], MEETING_ADDRESS)
        self.inside(here, "ip link set eth0 down")
        self.assertNotEqual(self.udhcpc(there, host=self.other)["ip"], MEETING_ADDRESS)

    def test_guests_that_ask_at_the_same_time_get_two(self):
        self.need("busybox")
        ports = {f"veth{number}": host for number, host in zip(MEET, (self.host, self.other))}
        for number, host in zip(MEET, (self.host, self.other)):
            self.add_guest(number, host=host)
        for number, host in zip(MEET, (self.host, self.other)):
            self.start_client("udhcpc", f"g{number}", host)
        self.wait_until(lambda: all(self.address(port, host) for port, host in ports.items()), "both have an address", CYCLE_SECONDS_MAX)
        addresses = {self.address(port, host) for port, host in ports.items()}
        self.assertEqual(len(addresses), 2, addresses)
        self.assertIn(MEETING_ADDRESS, addresses)

    def test_a_guest_that_moves_to_another_host_keeps_its_address(self):
        self.need("busybox")
        address = "192.168.100.77"  # Not the one that the rule gives it.
        self.assertEqual(self.udhcpc(self.add_guest(1), f"-r {address}")["ip"], address)
        self.vsctl("del-port veth1")
        self.host.run("ip link del veth1")
        self.assertEqual(self.udhcpc(self.add_guest(1, host=self.other), f"-r {address}", host=self.other)["ip"], address)

    def test_each_vlan_asks_in_itself(self):
        self.need("busybox")
        for host in (self.host, self.other):
            host.vsctl("set Bridge lu-br0 other_config:vlan10-subnet=10.10.0.0/24 other_config:vlan10-pool=10.10.0.1-10.10.0.1 "
                       "other_config:vlan20-subnet=10.20.0.0/24 other_config:vlan20-pool=10.20.0.1-10.20.0.2")
        self.assertEqual(self.udhcpc(self.add_guest(1, "tag=20"))["ip"], "10.20.0.1")
        self.assertEqual(self.udhcpc(self.add_guest(2, "tag=10"))["ip"], "10.10.0.1")
        for number, tag in ((3, 20), (4, 20), (5, 10)):
            self.add_guest(number, f"tag={tag}", host=self.other)
        self.assertEqual(self.udhcpc("g3", host=self.other)["ip"], "10.20.0.2")
        for guest in ("g4", "g5"):
            said = self.inside(guest, "busybox udhcpc -i eth0 -f -n -q -t 2 -T 1 -A 1 -s /bin/true", check=False, host=self.other)
            self.assertNotEqual(said.returncode, 0, f"{guest}: all are taken on the other host or here")

    def test_who_has_taken_an_address_by_hand_keeps_it(self):
        self.need("busybox")
        strange = self.add_guest(7, host=self.other)
        self.inside(strange, f"ip addr add {MEETING_ADDRESS}/24 dev eth0", host=self.other)
        self.assertNotEqual(self.udhcpc(self.add_guest(MEET[0]))["ip"], MEETING_ADDRESS)


if __name__ == "__main__":
    system.main()
