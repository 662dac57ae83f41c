"""What the lab accepts as `ovs-vsctl show` and as an answered ping."""

import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1])]
from console import StepFailed  # noqa: E402
from tutorial import check_show, ping, received_of  # noqa: E402

SHOW = """bc4d3e2f-7eda-4505-b7a1-caf5e5d2ca29
    Bridge lu-br0
        Port lu-br0
            Interface lu-br0
                type: internal
        Port vxlan0
            Interface vxlan0
    ovs_version: "3.1.0"
"""
IPUTILS = "3 packets transmitted, 3 received, 0% packet loss, time 402ms\nrtt min/avg/max/mdev = 0.05/0.12/0.2/0.06 ms\n"
BUSYBOX = "3 packets transmitted, 2 packets received, 33% packet loss\nround-trip min/avg/max = 0.1/1.5/2.9 ms\n"


class Rules(unittest.TestCase):
    def test_show_as_the_tutorial_prints_it_is_accepted(self):
        check_show("host1", SHOW, {"vxlan0"})

    def test_show_with_a_missing_extra_or_broken_port_is_not(self):
        broken = SHOW.replace("Interface vxlan0\n", 'Interface vxlan0\n                error: "no such device"\n')
        for text, ports in ((SHOW, {"vxlan0", "veth0"}), (SHOW, set()), (broken, {"vxlan0"}), (SHOW[5:], {"vxlan0"}),
                            (SHOW.replace("    ovs_version", "    version"), {"vxlan0"})):
            with self.assertRaises(StepFailed):
                check_show("host1", text, ports)

    def test_answers_are_counted_for_both_kinds_of_ping(self):
        self.assertEqual(received_of(IPUTILS), 3)
        self.assertEqual(received_of(BUSYBOX), 2)
        self.assertEqual(received_of("ping: unknown host"), 0)

    def test_a_lost_ping_fails_unless_it_may(self):
        with self.assertRaises(StepFailed):
            ping(lambda command: (1, BUSYBOX), "10.0.0.1", 3)
        answer = ping(lambda command: (1, BUSYBOX), "10.0.0.1", 3, may_fail=True)
        self.assertEqual((answer.received, answer.mean_ms), (2, 1.5))


if __name__ == "__main__":
    unittest.main()
