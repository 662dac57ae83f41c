#!/usr/bin/env python3
"""What weftd keeps when its disk is full, or when it is killed in the midst of work: every change that was acknowledged,
and no part of another. What the database server alone keeps: tests/safety.
"""

import os
import random
import signal

import system

DISK = "1m"
NO_ROOM = r"conf\.db: (No space left on device|only \d+ of \d+ bytes could be written: is the disk full\?)"
# The last page of a file may have room for a small change.
LARGE = f"-- set Open_vSwitch . external_ids:note={'x' * 5000}"
KILLS = 10
PORTS = 8
# Adds ports and deletes them, one command at a time, until one fails; a line for each that was acknowledged.
CHANGE_PORTS = """
    for round in $(seq 1000); do
        for i in $(seq {ports}); do
            ovs-vsctl --timeout=20 {{verb}} br0 p$i || exit 0
            echo {{verb}} p$i >> {acknowledged}
        done
    done"""


class FullDisk(system.SystemTest):
    starts_weftd = False

    def setUp(self):
        super().setUp()
        self.host.run(f"""set -e
            mkdir -p {self.disk}
            mount -t tmpfs -o size={DISK} tmpfs {self.disk}""")
        self.start_weftd()
        self.vsctl("add-br br0")
        for number in (1, 2):
            self.add_container(number, "br0")

    @property
    def disk(self):
        return self.host.state / "disk"

    def weftd(self, host=None):
        return f"weftd --detach --db-file={self.disk}/conf.db --log-file={self.host.state}/weftd.log"

    def fill(self):
        self.host.run(f"""
            dd if=/dev/zero of={self.disk}/other bs=4k 2>/dev/null
            dd if=/dev/zero of={self.disk}/other bs=1 oflag=append conv=notrunc 2>/dev/null || true""")

    def make_room(self):
        self.host.run(f"rm {self.disk}/other")

    def refused(self, arguments):
        """What it says of a change that is too large for the disk."""
        done = self.host.run(f"ovs-vsctl --timeout=20 {arguments} {LARGE}", check=False)
        self.assertNotEqual(done.returncode, 0)
        return done.stderr

    def test_a_change_is_refused_with_the_reason_and_the_network_goes_on(self):
        self.fill()
        self.assertRegex(self.refused("add-br br1"), NO_ROOM)
        self.assertRegex(self.refused("del-port veth1"), NO_ROOM)
        self.assert_reaches("c1", 2)
        self.assertEqual(self.vsctl("list-br"), "br0")
        self.assertEqual(self.vsctl("list-ports br0").split(), ["veth1", "veth2"])

    def test_status_is_told_on(self):
        """It lives in memory."""
        self.fill()
        self.host.run("ip link set veth1 down")
        self.wait_until(lambda: self.interface("veth1", "admin_state") == "down", "the state is told")

    def test_all_is_well_when_there_is_room_again(self):
        self.fill()
        self.refused("add-br br1")
        self.make_room()
        self.vsctl("add-br br2")
        self.kill_weftd("KILL")
        self.start_weftd()
        self.assertEqual(self.vsctl("list-br").split(), ["br0", "br2"])
        self.assert_reaches("c1", 2)

    def test_it_starts_on_a_full_disk_and_adopts_what_runs(self):
        self.fill()
        links = self.links()
        self.kill_weftd("KILL")
        self.start_weftd()
        self.assertEqual(self.links(), links)
        self.assert_reaches("c1", 2)
        self.assertRegex(self.refused("del-br br0"), NO_ROOM)


class Kills(system.SystemTest):
    def setUp(self):
        super().setUp()
        self.vsctl("add-br br0")
        self.host.run(f"for i in $(seq {PORTS}); do ip link add p$i type veth peer name q$i; done")

    def ports(self):
        return set(self.vsctl("list-ports br0").split())

    def with_filter(self):
        """The devices that have a filter of ours."""
        return {f"p{i}" for i in range(1, PORTS + 1) if "bpf" in self.host.run(f"tc filter show dev p{i} ingress")}

    def kill_while_changing(self, verb, acknowledged):
        """A change or more are acknowledged, then weftd is killed at a random point."""
        changes = CHANGE_PORTS.format(ports=PORTS, acknowledged=acknowledged).format(verb=verb)
        changing = self.host.spawn("changes.log", "sh", "-c", changes)
        self.wait_until(acknowledged.exists, "the first change")
        wanted = random.randint(1, PORTS - 1)
        self.wait_until(lambda: len(acknowledged.read_text().split("\n")) > wanted, "changes")
        self.kill_weftd("KILL")
        os.killpg(changing.pid, signal.SIGKILL)
        changing.wait()

    def test_what_was_acknowledged_is_there_and_the_kernel_follows(self):
        for number in range(KILLS):
            verb = ("--may-exist add-port", "--if-exists del-port")[number % 2]
            before = self.ports()
            acknowledged = self.host.state / f"acknowledged{number}"
            self.kill_while_changing(verb, acknowledged)
            changed = {line.split()[-1] for line in acknowledged.read_text().splitlines()}
            self.start_weftd()
            now = self.ports()
            # The one that was under way may be there.
            expected = before | changed if number % 2 == 0 else before - changed
            self.assertLessEqual(len(now ^ expected), 1, (verb, before, changed, now))
            self.vsctl("--may-exist add-br br0")
            self.assertEqual(self.with_filter(), now)


if __name__ == "__main__":
    system.main()
