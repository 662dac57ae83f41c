#!/usr/bin/env python3
"""Containers with an MTU of 1500 on hosts whose underlay has no more: what does not fit the tunnel is told to its sender."""

import re

import fast_path_test
import system


class MtuTest(fast_path_test.FastPathTest):
    carries = 1450

    def make_host(self, host, number):
        super().make_host(host, number)
        host.run("ip -n c link set eth0 mtu 1500")

    def setUp(self):
        super().setUp()
        self.assertEqual(self.ping(), 20)

    def told(self, size, to="10.0.0.2", options="-M do"):
        """The MTUs of which pings with packets of `size` bytes hear; what the sender knew before is forgotten."""
        self.host.run("ip -n c route flush cache; ip -n c -6 route flush cache")
        payload = size - (48 if ":" in to else 28)
        said = self.host.run(f"ip netns exec c ping -n -c 2 -W 2 -i 0.2 {options} -s {payload} {to} 2>&1", check=False)
        return {int(mtu) for mtu in re.findall(r"mtu ?= ?(\d+)", said.stdout)}

    def assert_all_is_told(self):
        for to in ("10.0.0.2", "fd01::2"):
            self.assertEqual(self.told(1500, to), {self.carries}, to)
            self.assertEqual(self.told(self.carries + 1, to), {self.carries}, to)
            self.assertEqual(self.told(self.carries, to), set(), to)
            self.run_stream(to)

    def run_stream(self, to):
        receiver = self.start(self.hosts[1], fast_path_test.RECEIVE_STREAM)
        self.run_python(self.host, fast_path_test.SEND_STREAM, to)
        self.assertEqual(self.said_by(receiver), "20000000")
        receiver.wait()


class Operators(MtuTest):
    """The tunnel is a vxlan device of the operator's, over IPv4."""

    def test_what_is_too_big_is_told_and_tcp_gets_through(self):
        self.assert_all_is_told()

    def test_a_sender_that_lets_its_packets_be_fragmented_does_it_by_itself(self):
        self.wait_until(lambda: self.ping(5, options="-M dont -s 1472") == 5, "large packets come as fragments")

    def test_drops_are_told_by_reason(self):
        self.told(1500)
        self.assertIn("its sender was told how large a packet may be", self.host.run("weft drops veth0"))
        self.host.run("ip netns exec c ping -n -b -M do -s 1472 -c 1 -W 0.1 10.0.0.255", check=False)
        self.assertIn("its sender could not be told", self.host.run("weft drops veth0"))

    def test_the_underlays_mtu_is_followed(self):
        for host in self.hosts:
            host.run("ip link set eth0 mtu 1400")
        self.wait_until(lambda: self.told(1500) == {self.carries - 100}, "the smaller MTU is told")
        self.run_stream("10.0.0.2")

    def test_an_mtu_that_was_asked_for_is_told(self):
        self.host.vsctl("set Interface vxlan0 mtu_request=1400")
        self.wait_until(lambda: self.told(1500) == {1400}, "the MTU of the port is told")
        self.assertEqual(self.host.vsctl("get Interface vxlan0 mtu").strip(), "1400")
        self.host.vsctl("set Interface vxlan0 mtu_request=1450 -- set Interface br0 mtu_request=1300")
        self.wait_until(lambda: self.host.vsctl("get Interface br0 mtu").strip() == "1300", "the bridge's own port obeys")


class OverIpv6(MtuTest):
    over_ipv6 = True
    carries = 1430

    def test_what_is_too_big_is_told_and_tcp_gets_through(self):
        self.assert_all_is_told()


class Ours(MtuTest):
    """The tunnel is a port of type vxlan."""

    def make_switch(self, host):
        number = 1 + self.hosts.index(host)
        host.run("ip link delete vxlan0")
        self.start_weftd(host)
        host.vsctl("add-br br0 -- add-port br0 veth0 -- add-port br0 vxlan0 -- set Interface vxlan0 type=vxlan "
                   f"options:remote_ip={self.address(3 - number)} options:key=42")

    def test_what_is_asked_for_does_not_make_the_way_wider(self):
        self.assertEqual(self.host.vsctl("get Interface vxlan0 mtu").strip(), "1450")
        self.assertEqual(self.told(1500), {self.carries})
        self.host.vsctl("set Interface vxlan0 mtu_request=1500")
        self.wait_until(lambda: self.host.vsctl("get Interface vxlan0 mtu").strip() == "1500", "the device obeys")
        self.assertEqual(self.told(1500), {self.carries})
        self.run_stream("10.0.0.2")


if __name__ == "__main__":
    system.main()
