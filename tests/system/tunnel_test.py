"""Tunnel ports (type=vxlan) between hosts: by remote lists, groups, IPv6, and what is said and done when something is wrong."""

import pathlib
import subprocess
import unittest

import system

OVS = pathlib.Path("/usr/sbin/ovs-vswitchd")


class Tunnel(system.SystemTest):
    starts_weftd = False

    def setUp(self):
        super().setUp()
        self.wire = self.host  # Its bridge is the wire between the others.
        self.wire.run("ip link add wire type bridge mcast_snooping 0 && ip link set wire up")
        self.hosts = []

    def add_host(self, weftd=True):
        """A host on the wire: eth0, 172.16.0.N and fd00::N; on it weftd with lu-br0, whose own address is 10.0.0.N."""
        host = self.new_host()
        self.hosts.append(host)
        host.place = len(self.hosts)
        subprocess.run(["ip", "link", "add", f"h{host.place}", "netns", str(self.wire.pid), "type", "veth",
                        "peer", "name", "eth0", "netns", str(host.pid)], check=True)
        self.wire.run(f"ip link set h{host.place} master wire up")
        host.run(f"""set -e
            echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad || true
            ip link set lo up
            ip link set eth0 up
            ip addr add 172.16.0.{host.place}/24 dev eth0
            ip addr add fd00::{host.place}/64 dev eth0 nodad""")
        if weftd:
            self.start_weftd(host)
            host.vsctl("add-br lu-br0")
            host.run(f"ip link set lu-br0 up && ip addr add 10.0.0.{host.place}/24 dev lu-br0")
        return host

    def add_hosts(self, count):
        return [self.add_host() for _ in range(count)]

    def assert_pings(self, source, target):
        source.run(f"ping -n -q -i 0.01 -W 2 -c 3 10.0.0.{target.place}")

    def error(self, host, port="vx0"):
        return host.vsctl(f"get Interface {port} error").strip()

    def wait_for_error(self, host, text, port="vx0"):
        self.wait_until(lambda: text in self.error(host, port), f"the error of {port} says: {text}")

    def tunnel(self, host, options, port="vx0"):
        host.vsctl(f"add-port lu-br0 {port} -- set Interface {port} type=vxlan " +
                   " ".join(f"options:{key}={value}" for key, value in options.items()))


class Reach(Tunnel):
    def test_two_hosts_reach_each_other(self):
        one, two = self.add_hosts(2)
        self.tunnel(one, {"remote_ip": "172.16.0.2", "key": 5})
        self.tunnel(two, {"remote_ip": "172.16.0.1", "key": 5})
        self.assert_pings(one, two)
        self.assertEqual(one.vsctl("get Interface vx0 mtu").strip(), "1450")
        self.assertEqual(one.vsctl("get Interface lu-br0 mtu").strip(), "1450")
        self.assertEqual(one.vsctl("get Interface vx0 status:tunnel_egress_iface").strip(), "eth0")
        one.vsctl("del-port vx0")
        self.assertNotIn("vx0", one.run("ip -o link"))

    def test_three_hosts_reach_each_other_by_lists_of_remotes(self):
        hosts = self.add_hosts(3)
        for host in hosts:
            others = ",".join(f"172.16.0.{other.place}" for other in hosts if other is not host)
            self.tunnel(host, {"remote_ip": f"'\"{others}\"'"})
        for source in hosts:
            for target in hosts:
                self.assert_pings(source, target)

    def test_three_hosts_reach_each_other_by_a_group(self):
        hosts = self.add_hosts(3)
        for host in hosts:
            self.tunnel(host, {"remote_ip": "239.1.1.1", "dev": "eth0", "key": 7})
        for source in hosts:
            for target in hosts:
                self.assert_pings(source, target)

    def test_an_ipv6_underlay_carries_them_too(self):
        one, two = self.add_hosts(2)
        self.tunnel(one, {"remote_ip": "'\"fd00::2\"'", "local_ip": "'\"fd00::1\"'"})
        self.tunnel(two, {"remote_ip": "'\"fd00::1\"'"})
        self.assert_pings(one, two)
        self.assertEqual(one.vsctl("get Interface vx0 mtu").strip(), "1430")

    def test_a_remote_that_nobody_named_is_learned(self):
        one, two, three = self.add_hosts(3)
        self.tunnel(one, {"remote_ip": "172.16.0.2"})
        self.tunnel(two, {"remote_ip": "172.16.0.1"})
        self.tunnel(three, {"remote_ip": "172.16.0.1"})
        self.assert_pings(three, one)
        self.wait_until(lambda: "00:00:00:00:00:00 dst 172.16.0.3" in one.run("bridge fdb show dev vx0"), "it is heard")

    def test_a_linux_bridge_at_the_other_end(self):
        one, other = self.add_host(), self.add_host(weftd=False)
        other.run("""set -e
            ip link add vx type vxlan id 5 remote 172.16.0.1 dstport 4789
            ip link add linux-br type bridge
            ip link set vx master linux-br up
            ip link set linux-br up
            ip addr add 10.0.0.2/24 dev linux-br""")
        self.tunnel(one, {"remote_ip": "172.16.0.2", "key": 5})
        self.assert_pings(one, other)

    @unittest.skipUnless(OVS.exists(), f"no {OVS} (Debian: openvswitch-switch)")
    def test_open_vswitch_at_the_other_end(self):
        one, other = self.add_host(), self.add_host(weftd=False)
        other.run("""set -e
            export PATH=/usr/sbin:/usr/bin:/sbin:/bin OVS_RUNDIR=/run/ovs OVS_LOGDIR=/run/ovs OVS_DBDIR=/run/ovs
            mkdir -p /run/ovs
            ovsdb-tool create /run/ovs/conf.db /usr/share/openvswitch/vswitch.ovsschema
            ovsdb-server /run/ovs/conf.db --remote=punix:/run/ovs/db.sock --detach --no-chdir --pidfile \\
              --unixctl=/run/ovs/server.ctl --log-file=/run/ovs/server.log 2>&1
            ovs-vswitchd unix:/run/ovs/db.sock --detach --no-chdir --pidfile --unixctl=/run/ovs/switch.ctl \\
              --log-file=/run/ovs/switch.log 2>&1
            vsctl="/usr/bin/ovs-vsctl --db=unix:/run/ovs/db.sock --timeout=20"
            $vsctl add-br br-under -- set bridge br-under datapath_type=netdev -- add-port br-under eth0
            $vsctl add-br br0 -- set bridge br0 datapath_type=netdev -- add-port br0 vx0 -- set Interface vx0 type=vxlan \\
              options:remote_ip=172.16.0.1 options:key=5
            ip addr flush dev eth0
            ip addr add 172.16.0.2/24 dev br-under
            ip link set br-under up
            ip addr add 10.0.0.2/24 dev br0
            ip link set br0 mtu 1450 up
            ethtool -K br0 tx off 2>/dev/null || true
            ethtool -K br-under tx off 2>/dev/null || true""")
        self.tunnel(one, {"remote_ip": "172.16.0.2", "key": 5})
        self.wait_until(lambda: one.run("ping -n -q -W 1 -c 1 10.0.0.2", check=False).returncode == 0,
                        "Open vSwitch answers")
        self.assert_pings(one, other)


class Trouble(Tunnel):
    def setUp(self):
        super().setUp()
        self.one, self.two = self.add_hosts(2)
        self.tunnel(self.two, {"remote_ip": "172.16.0.1"})

    def test_a_wrong_option_is_named_and_made_good(self):
        self.one.run("ovs-vsctl --timeout=10 add-port lu-br0 vx0 -- set Interface vx0 type=vxlan options:remote_ip=nobody",
                     check=False)
        self.assertIn("options:remote_ip", self.error(self.one))
        self.one.vsctl("set Interface vx0 options:remote_ip=172.16.0.2")
        self.assertEqual(self.error(self.one), "[]")
        self.assert_pings(self.one, self.two)
        self.one.run("ovs-vsctl --timeout=10 set Interface vx0 options:exts=gbp", check=False)
        self.assertIn("options:exts", self.error(self.one))

    def test_a_missing_route_is_named_and_followed(self):
        self.tunnel(self.one, {"remote_ip": "172.16.0.2"})
        self.one.run("ip route delete 172.16.0.0/24 dev eth0")
        self.wait_for_error(self.one, "no route to the remote 172.16.0.2")
        self.one.run("ip route add 172.16.0.0/24 dev eth0")
        self.wait_for_error(self.one, "[]")
        self.assert_pings(self.one, self.two)

    def test_a_missing_address_is_named_and_followed(self):
        self.tunnel(self.one, {"remote_ip": "172.16.0.2", "local_ip": "172.16.0.77"})
        self.wait_for_error(self.one, "local_ip 172.16.0.77 is not an address of this host")
        self.one.run("ip addr add 172.16.0.77/24 dev eth0")
        self.wait_for_error(self.one, "[]")

    def test_an_underlay_device_that_goes_down_or_away_is_named_and_followed(self):
        self.one.run("ip link add u0 type veth peer name u1 && ip link set u0 up && ip link set u1 up")
        self.tunnel(self.one, {"remote_ip": "10.9.0.2", "dev": "u0"})
        self.one.run("ip addr add 10.9.0.1/24 dev u0")
        self.wait_for_error(self.one, "[]")
        self.one.run("ip link set u0 down")
        self.wait_for_error(self.one, "the underlay device u0 is down")
        self.one.run("ip link delete u0")
        self.wait_for_error(self.one, "there is no underlay device u0")
        self.one.run("""ip link add u0 type veth peer name u1 && ip link set u0 up && ip link set u1 up
            ip addr add 10.9.0.1/24 dev u0""")
        self.wait_for_error(self.one, "[]")

    def test_a_vni_that_another_device_has_is_waited_for(self):
        self.one.run("ip link add other type vxlan id 9 remote 172.16.0.2 dstport 4789")
        self.one.run("ovs-vsctl --timeout=10 add-port lu-br0 vx0 -- set Interface vx0 type=vxlan "
                     "options:remote_ip=172.16.0.2 options:key=9", check=False)
        self.assertIn("belongs to the device other", self.error(self.one))
        self.one.run("ip link delete other")
        self.wait_for_error(self.one, "[]")
        self.assertIn("vx0", self.one.run("ip -o link"))

    def test_two_ports_do_not_share_a_vni(self):
        self.tunnel(self.one, {"remote_ip": "172.16.0.2"})
        self.one.run("ovs-vsctl --timeout=10 add-port lu-br0 vx1 -- set Interface vx1 type=vxlan "
                     "options:remote_ip=172.16.0.3", check=False)
        self.assertIn("belongs to the device vx0", self.error(self.one, "vx1"))
        self.one.vsctl("del-port vx0")
        self.wait_until(lambda: self.error(self.one, "vx1") == "[]", "the other one gets it")

    def test_the_mtu_and_a_neighbour_are_followed(self):
        self.tunnel(self.one, {"remote_ip": "172.16.0.2"})
        self.assert_pings(self.one, self.two)
        self.one.run("ip link set eth0 mtu 1400")
        self.wait_until(lambda: self.one.vsctl("get Interface lu-br0 mtu").strip() == "1350", "the MTU follows")
        self.two.run("ip link set eth0 address 02:00:00:00:00:99 && ip neigh flush dev eth0")
        self.one.run("ip neigh replace 172.16.0.2 lladdr 02:00:00:00:00:99 dev eth0")
        self.assert_pings(self.one, self.two)

    def test_the_address_of_a_tunnel_is_the_same_after_a_reboot(self):
        self.tunnel(self.one, {"remote_ip": "172.16.0.2"})
        address = self.one.vsctl("get Interface vx0 mac_in_use")
        self.one.vsctl("del-port vx0 -- add-port lu-br0 vx1 -- set Interface vx1 type=vxlan options:remote_ip=172.16.0.2")
        self.assertNotEqual(self.one.vsctl("get Interface vx1 mac_in_use"), address)
        address = self.one.vsctl("get Interface vx1 mac_in_use")
        number = self.one.vsctl("get Interface vx1 ifindex")
        self.one.run("ip link delete vx1")
        self.wait_until(lambda: self.one.vsctl("get Interface vx1 ifindex") not in (number, "[]\n"), "it is made again")
        self.assertEqual(self.one.vsctl("get Interface vx1 mac_in_use"), address)


if __name__ == "__main__":
    system.main()
