"""What bridges serve to guests: addresses, metadata, and how clients that people use take it."""

import json
import os
import pathlib

import guests
import system

# Asks for metadata four hundred times, each time by a connection of its own. Tells how many answers were whole.
ASK_OFTEN = """
import http.client
answered = 0
for _ in range(400):
    connection = http.client.HTTPConnection("169.254.169.254", timeout=10)
    connection.request("GET", "/latest/meta-data/instance-id")
    answered += connection.getresponse().status == 200
    connection.close()
print(answered)
"""
# Tells the bridge as many neighbours in VLANs 10 and 20 as there is room for, but for one of the bridge's own.
TELL_MANY = """
import ipaddress, json, socket
def neighbours(first, count):
    return " ".join(f"{ipaddress.ip_address(first) + i}=02:00:00:00:00:99" for i in range(count))
told = [["vlan10-neighbours", neighbours("10.1.0.0", 65536)], ["vlan20-neighbours", neighbours("10.2.0.0", 65535)]]
database = socket.socket(socket.AF_UNIX)
database.connect("/var/run/openvswitch/db.sock")
mutation = {"op": "mutate", "table": "Bridge", "where": [["name", "==", "lu-br0"]],
            "mutations": [["other_config", "insert", ["map", told]]]}
database.sendall(json.dumps({"method": "transact", "id": 1, "params": ["Open_vSwitch", mutation]}).encode())
print(database.recv(1000).decode())
"""
# What cloud-init's own readers make of the metadata.
ASK_AS_CLOUD_INIT = """
import json
from cloudinit.sources.helpers import ec2, openstack
place = {"api_version": "2009-04-04", "metadata_address": "http://169.254.169.254"}
meta, user = ec2.get_instance_metadata(**place), ec2.get_instance_userdata(**place)
found = openstack.MetadataReader("http://169.254.169.254/", timeout=5, retries=0).read_v2()
print(json.dumps({"id": meta["instance-id"], "name": meta["local-hostname"], "user": user.decode(),
                  "openstack": found["metadata"]["uuid"], "links": len(found["networkdata"]["links"])}))
"""


class Services(guests.GuestTest):
    # --- addresses ------------------------------------------------------------------------------------------------

    def test_udhcpc_gets_an_address_and_all_that_belongs_to_it(self):
        self.need("busybox")
        guest = self.add_guest(1, "-- set Interface veth1 other_config:ip-address=192.168.100.11 other_config:hostname=vm1")
        told = self.udhcpc(guest)
        wanted = {"ip": "192.168.100.11", "mask": "24", "router": "192.168.100.1", "dns": "192.168.100.2", "mtu": "1400",
                  "domain": "lab.example", "hostname": "vm1", "lease": "3600", "serverid": "169.254.169.254"}
        self.assertEqual(wanted, {key: told.get(key) for key in wanted})
        self.assertIn("169.254.169.254/32 0.0.0.0", told["staticroutes"])
        self.wait_until(lambda: self.status("veth1").get("ip_address") == "192.168.100.11", "the status names the address")
        self.assertEqual(self.status("veth1")["hostname"], "vm1")
        self.assertRegex(self.host.run("ovs-appctl weft/leases lu-br0"), r"192\.168\.100\.11 +02:00:00:00:00:01 +veth1")

    def test_the_same_mac_gets_the_same_address_on_another_host(self):
        self.need("busybox")
        other = self.new_host()
        self.start_weftd(other)
        other.vsctl(f"add-br lu-br0 -- set Bridge lu-br0 {guests.NETWORK}")
        for number in (1, 2):
            here = self.udhcpc(self.add_guest(number))["ip"]
            self.assertEqual(here, self.udhcpc(self.add_guest(number, host=other), host=other)["ip"])

    def test_leases_outlive_weftd_and_a_torn_file_costs_only_a_warning(self):
        self.need("busybox")
        guest = self.add_guest(1)
        address = self.udhcpc(guest)["ip"]
        leases = self.host.state / "conf.db.leases"
        self.wait_until(leases.exists, "the leases are kept")
        self.kill_weftd("KILL")
        self.start_weftd()
        self.assertIn(address, self.host.run("ovs-appctl weft/leases"))
        self.assertEqual(self.status("veth1").get("ip_address"), address)
        self.kill_weftd("KILL")
        leases.write_bytes(leases.read_bytes()[:-20] + b"\xff\x00")
        self.start_weftd()
        self.assertIn("are no leases and are left out", self.log())
        self.assertEqual(self.udhcpc(guest)["ip"], address)

    def test_leases_go_with_their_bridge_and_their_file_with_the_last(self):
        self.need("busybox")
        self.udhcpc(self.add_guest(1))
        leases = self.host.state / "conf.db.leases"
        self.wait_until(leases.exists, "the leases are kept")
        self.vsctl("del-br lu-br0")
        self.wait_until(lambda: not leases.exists(), "the file goes")

    def test_a_port_of_a_vlan_gets_what_its_vlan_serves(self):
        self.need("busybox")
        self.vsctl("set Bridge lu-br0 other_config:vlan10-subnet=10.10.0.0/24 "
                   "other_config:vlan10-pool=10.10.0.50-10.10.0.60")
        told = self.udhcpc(self.add_guest(1, "tag=10"))
        self.assertRegex(told["ip"], r"^10\.10\.0\.(5\d|60)$")
        self.assertNotIn("router", told)

    def test_dhclient_gets_renews_and_releases(self):
        self.need("dhclient")
        guest = self.add_guest(1, "-- set Interface veth1 other_config:ip-address=192.168.100.11")
        files = f"-lf {self.host.state}/dhclient.leases -pf {self.host.state}/dhclient.pid"
        self.inside(guest, f"dhclient -1 -v -sf /bin/true {files} eth0")
        lease = (self.host.state / "dhclient.leases").read_text()
        for line in ("fixed-address 192.168.100.11;", "option routers 192.168.100.1;", "option interface-mtu 1400;",
                     "option dhcp-server-identifier 169.254.169.254;"):
            self.assertIn(line, lease)
        self.inside(guest, f"dhclient -r -v -sf /bin/true {files} eth0")

    def test_dhcpcd_gets_both_families(self):
        self.need("dhcpcd")
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:100::/64")
        guest = self.add_guest(1, "-- set Interface veth1 other_config:ip-address=192.168.100.11 "
                                  "other_config:ip6-address=fd00:100::11")
        if os.path.isdir("/var/lib/dhcpcd"):
            self.host.run("mount -t tmpfs tmpfs /var/lib/dhcpcd")  # What it keeps there is the machine's.
        client = self.host.spawn("dhcpcd.log", "ip", "netns", "exec", guest, "dhcpcd", "-B", "-A", "-c", "/bin/true", "-f",
                                 "/dev/null", "eth0")
        for address in ("192.168.100.11", "fd00:100::11"):
            self.wait_until(lambda address=address: address in self.inside(guest, "ip addr show dev eth0"), address)
        client.terminate()
        client.wait()

    def test_dhclient_gets_an_address_of_ipv6(self):
        self.need("dhclient")
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:100::/64")
        guest = self.add_guest(1, "-- set Interface veth1 other_config:ip6-address=fd00:100::11")
        self.wait_until(lambda: "tentative" not in self.inside(guest, "ip -6 addr show dev eth0 scope link"), "eth0 is ready")
        files = f"-lf {self.host.state}/dhclient6.leases -pf {self.host.state}/dhclient6.pid"
        self.inside(guest, f"dhclient -6 -1 -v -sf /bin/true {files} eth0")
        self.assertIn("iaaddr fd00:100::11", (self.host.state / "dhclient6.leases").read_text())
        self.wait_until(lambda: self.status("veth1").get("ip6_address") == "fd00:100::11", "the status names the address")

    def test_the_kernel_makes_its_address_from_the_advertised_prefix(self):
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:100::/64")
        guest = self.add_guest(1)
        self.inside(guest, "sh -c 'ip link set eth0 down; ip link set eth0 up'")
        self.wait_until(lambda: "fd00:100::ff:fe00:1/64" in self.inside(guest, "ip -6 addr show dev eth0"), "SLAAC")
        self.assertEqual(self.inside(guest, "cat /proc/sys/net/ipv6/conf/eth0/mtu").strip(), "1400")

    def test_a_guests_own_address_lasts_longer_with_each_advertisement(self):
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:100::/64")
        guest = self.add_guest(1)
        self.inside(guest, "sh -c 'ip link set eth0 down; ip link set eth0 up'")

        def seconds_left():
            told = json.loads(self.inside(guest, "ip -j -6 addr show dev eth0 scope global"))
            return max((one.get("valid_life_time", 0) for link in told for one in link.get("addr_info", [])), default=0)

        self.wait_until(lambda: 0 < seconds_left() < 86399, "the address ages")
        before = seconds_left()
        self.kill_weftd("KILL")
        self.start_weftd()
        self.wait_until(lambda: seconds_left() > before, "a weftd that comes back advertises again")

    def test_a_guest_follows_when_the_prefix_changes(self):
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:100::/64")
        guest = self.add_guest(1)
        self.inside(guest, "sh -c 'ip link set eth0 down; ip link set eth0 up'")
        old, new = "fd00:100::ff:fe00:1", "fd00:200::ff:fe00:1"
        self.wait_until(lambda: old in self.inside(guest, "ip -6 addr show dev eth0"), "SLAAC")
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:200::/64")
        self.wait_until(lambda: new in self.inside(guest, "ip -6 addr show dev eth0"), "the new prefix")
        self.assertIn(old, self.inside(guest, "ip -6 addr show dev eth0 deprecated"))
        self.assertNotIn(new, self.inside(guest, "ip -6 addr show dev eth0 deprecated"))
        self.vsctl("remove Bridge lu-br0 other_config subnet6")
        self.wait_until(lambda: new in self.inside(guest, "ip -6 addr show dev eth0 deprecated"), "the prefix is withdrawn")

    def test_a_guest_with_a_fixed_address_makes_none_by_itself(self):
        self.need("rdisc6")
        self.vsctl("set Bridge lu-br0 other_config:subnet6=fd00:100::/64 other_config:router6=fe80::1")
        guest = self.add_guest(1, "-- set Interface veth1 other_config:ip6-address=fd00:100::11")
        self.wait_until(lambda: "tentative" not in self.inside(guest, "ip -6 addr show dev eth0 scope link"), "eth0 is ready")
        said = self.inside(guest, "rdisc6 -1 -w 5000 eth0")
        self.assertRegex(said, r"Stateful address conf\. *: *Yes")
        self.assertRegex(said, r"Autonomous address conf\.: *No")
        self.assertRegex(said, r"MTU *: *1400")
        self.assertIn("from fe80::1", said)

    def test_what_is_wrong_in_the_configuration_is_named_and_breaks_nothing(self):
        self.vsctl("set Bridge lu-br0 other_config:subnet=192.168.100.1/24")
        self.assertIn("not an IPv4 subnet", self.vsctl("get Bridge lu-br0 status"))
        self.assertIn("not an IPv4 subnet", self.log())
        self.host.run("ip link add veth1 type veth peer name p1")
        self.host.run("ovs-vsctl add-port lu-br0 veth1 -- set Interface veth1 other_config:ip-address=nowhere", check=False)
        self.assertIn("ip-address", self.interface("veth1", "error"))
        self.assertNotEqual(self.interface("veth1", "ofport"), "-1")

    def test_a_guest_whose_address_there_is_no_room_for_works_and_says_so_until_there_is(self):
        self.assertIn('"count":1', self.host.run(f"python3 - <<'END'\n{TELL_MANY}\nEND"))
        self.add_guest(1, "-- set Interface veth1 other_config:ip-address=192.168.100.11 "
                          "external_ids:attached-mac=02:00:00:00:00:01")
        self.wait_until(lambda: "192.168.100.11 is not told to who asks for it" in self.interface("veth1", "error"), "the error")
        self.assertNotEqual(self.interface("veth1", "ofport"), "-1")
        self.vsctl("remove Bridge lu-br0 other_config vlan20-neighbours")
        self.wait_until(lambda: self.interface("veth1", "error") == "[]", "the address is told as soon as there is room")

    # --- metadata -------------------------------------------------------------------------------------------------

    def test_metadata_tells_each_guest_its_own(self):
        self.need("curl")
        for number in (1, 2):
            guest = self.add_guest(number, f"-- set Interface veth{number} other_config:ip-address=192.168.100.1{number} "
                                           f"other_config:instance-id=i-{number} other_config:ssh-keys='\"ssh-rsa K{number}\"'")
            # Both claim the same address: the port says who asks.
            self.inside(guest, "sh -c 'ip addr add 10.9.9.9/32 dev eth0; ip route add 169.254.169.254 dev eth0 src 10.9.9.9'")
        for number in (1, 2):
            self.assertEqual(self.fetch(f"g{number}", "/latest/meta-data/instance-id"), f"i-{number}")
            self.assertEqual(self.fetch(f"g{number}", "/latest/meta-data/local-ipv4"), f"192.168.100.1{number}")
            self.assertEqual(self.fetch(f"g{number}", "/latest/meta-data/public-keys/0/openssh-key"), f"ssh-rsa K{number}")
            meta = json.loads(self.fetch(f"g{number}", "/openstack/latest/meta_data.json"))
            self.assertEqual(meta["uuid"], f"i-{number}")
        self.assertNotEqual(self.fetch("g1", "/latest/user-data", check=False).returncode, 0)

    def test_metadata_loses_nothing_of_a_guest_that_asks_again_and_again(self):
        guest = self.add_guest(1)
        self.inside(guest, "sh -c 'ip addr add 192.168.100.11/24 dev eth0; ip route add 169.254.169.254 dev eth0'")
        self.assertEqual(self.run_python(guest, ASK_OFTEN), "400")
        self.assertEqual(self.drops("veth1"), {}, "what is lost is sent again only after a second")

    def test_cloud_init_finds_its_instance(self):
        self.need("curl")
        if not pathlib.Path("/usr/lib/python3/dist-packages/cloudinit").is_dir():
            self.skipTest("cloud-init is not installed")
        guest = self.add_guest(1, "-- set Interface veth1 other_config:ip-address=192.168.100.11 other_config:instance-id=i-1 "
                                  "other_config:hostname=vm1 other_config:user-data='\"#cloud-config\\n{}\"'")
        self.inside(guest, "sh -c 'ip addr add 192.168.100.11/24 dev eth0; ip route add 169.254.169.254 dev eth0'")
        said = self.host.run(f"ip netns exec {guest} /usr/bin/python3 - <<'END'\n{ASK_AS_CLOUD_INIT}\nEND")
        self.assertEqual(json.loads(said.strip().split("\n")[-1]),
                         {"id": "i-1", "name": "vm1.lab.example", "user": "#cloud-config\n{}", "openstack": "i-1", "links": 1})


if __name__ == "__main__":
    system.main()
