"""A lab on two real hosts that are reached by ssh: sshd on two hosts made of namespaces, weft on a third."""

import shutil
import time
import unittest

from lab import CACHE, fetch_guest, needs, needs_guest
import system

PREFIX = "10.99.0"  # Of the network in which the hosts are managed.
LAB = """
name: over-ssh
hosts:
  one: {ssh: root@10.99.0.1, underlay: 10.98.0.1/24}
  two: {ssh: "ssh://root@10.99.0.2:22", underlay: 10.98.0.2/24}
networks:
  net: {vni: 100, remotes: all, subnet: 192.168.100.0/24}
containers:
  c: {per-host: 2}
"""
SSHD = """
Port 22
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile {folder}/sshd.pid
StrictModes no
UsePAM no
PermitRootLogin yes
SetEnv PATH={programs}:/usr/sbin:/usr/bin:/sbin:/bin
"""
SSH = """
Host *
  IdentityFile {folder}/key
  UserKnownHostsFile {folder}/known_hosts
  StrictHostKeyChecking accept-new
"""


@unittest.skipUnless(shutil.which("sshd") and shutil.which("ssh"), "openssh-server or openssh-client not installed")
class SshHostsTest(system.SystemTest):
    starts_weftd = False

    def setUp(self):
        super().setUp()
        self.control = self.host
        self.reals = [self.new_host() for _ in range(2)]
        for host in self.reals:
            host.run("mount -t tmpfs tmpfs /var/lib")
        self.folder = system.SCRATCH / self._testMethodName
        self.folder.mkdir()
        self.control.run(f"ssh-keygen -q -t ed25519 -N '' -f {self.folder}/key; ssh-keygen -q -t ed25519 -N '' -f {self.folder}/host_key")
        (self.folder / "sshd_config").write_text(SSHD.format(folder=self.folder, programs=system.PROGRAMS))
        (self.folder / "ssh_config").write_text(SSH.format(folder=self.folder))
        (self.folder / "lab.yaml").write_text(LAB)
        self.control.run("ip link add management type bridge && ip link set management up && ip addr add 10.99.0.9/24 dev management")
        for number, host in enumerate(self.reals, 1):
            self.control.run(f"ip link add port{number} type veth peer name eth1 && ip link set port{number} master management up")
            self.move(self.control, "eth1", host)
            host.run(f"ip link set lo up; ip addr add {PREFIX}.{number}/24 dev eth1; ip link set eth1 up")
        self.reals[0].run("ip link add eth0 type veth peer name other")
        self.move(self.reals[0], "other", self.reals[1])
        self.reals[1].run("ip link set other name eth0")
        for number, host in enumerate(self.reals, 1):
            host.run(f"ip addr add 10.98.0.{number}/24 dev eth0; ip link set eth0 up; mkdir -p /run/sshd; "
                     f"$(command -v sshd) -f {self.folder}/sshd_config -E {self.folder}/sshd.log")
            self.start_weftd(host)

    def move(self, host, device, to):
        """The hosts do not see each other's processes; this one sees both."""
        system.subprocess.run(["nsenter", "-t", str(host.pid), "--net", "ip", "link", "set", device, "netns", str(to.pid)], check=True)

    def weft(self, arguments, check=True):
        return self.control.run(f"cd {self.folder} && WEFT_SSH='ssh -F {self.folder}/ssh_config' WEFT_LAB_DIR={self.folder}/labs "
                                f"WEFT_CACHE_DIR={CACHE} WEFT_HYPERVISOR=qemu weft lab {arguments} 2>&1", check=check, timeout=120)

    def state_of(self, host):
        return host.run("ls /sys/class/net /run/netns; ls /run; ovs-vsctl --columns=name list Bridge; find /var/lib")

    def test_lab_comes_up_and_goes(self):
        before = [self.state_of(host) for host in self.reals]
        self.weft("up")
        for host in self.reals:
            self.assertIn("vxlan0", host.run("ovs-vsctl list-ports lu-br0"))
        for name in ("c2", "c3", "c4"):
            said = self.weft(f"exec c1 -- ping -c 2 -W 2 {self.address_of(name)}", check=False)
            self.assertIn(" 0% packet loss", said.stdout, f"c1 -> {name}\n{said.stdout}")
        self.assertIn("6 pairs reach each other", self.weft("verify"))
        self.reals[0].run("nft add table inet wall && nft add chain inet wall in '{ type filter hook input priority 0; }' && "
                          "nft add rule inet wall in udp dport 4789 drop")
        filtered = self.weft("verify", check=False)
        self.assertEqual(filtered.returncode, 1, filtered.stdout)
        self.assertIn("4789", filtered.stdout)
        self.reals[0].run("nft delete table inet wall")
        self.assertIn("nothing to do", self.weft("up"))
        self.assertIn("nothing is left of it", self.weft("down"))
        self.assertEqual([self.state_of(host) for host in self.reals], before)

    @needs("qemu-system-x86_64", "qemu-img")
    @needs_guest
    def test_a_machine_starts_there_from_what_is_here(self):
        for host in self.reals:
            host.run(f"mkdir -p {CACHE} && mount -t tmpfs tmpfs {CACHE}")  # They share no file with this machine.
        before = [self.state_of(host) for host in self.reals]
        (self.folder / "lab.yaml").write_text(LAB + "vms:\n  vm1: {host: two, memory: 128M}\n")
        self.weft("up")
        self.assertEqual(sorted(self.reals[1].run(f"ls {CACHE}/guest").split()), ["initrd", "vmlinuz"])
        self.assertEqual(self.reals[0].run(f"ls {CACHE}"), "", "nothing is sent where no machine is")
        self.assertIn("0% packet loss", self.weft(f"exec vm1 -- ping -c 2 {self.address_of('c1')}"))
        self.assertIn("10 pairs reach each other", self.weft("verify"))
        self.assertIn("guest is up", self.weft("console vm1 </dev/null"))
        self.reals[1].run("kill -9 $(cat /var/lib/weft/machines/over-ssh.vm1/qemu.pid)")
        self.assertRegex(self.weft("up"), r"start machine +vm1 on two: had ended")
        self.assertIn("0% packet loss", self.weft(f"exec vm1 -- ping -c 2 {self.address_of('c1')}"))
        self.assertIn("nothing is left of it", self.weft("down"))
        self.assertEqual([self.state_of(host) for host in self.reals], before)

    def address_of(self, name):
        words = next(line for line in self.weft("status", check=False).stdout.split("\n") if f" {name} " in line).split()
        return next(word for word in words if word.endswith("/24")).removesuffix("/24")

    def test_lab_that_was_killed_is_taken_down(self):
        before = [self.state_of(host) for host in self.reals]
        for tenths in (1, 4, 8, 12):
            self.weft(f"up & sleep {tenths / 10}; kill -9 $!; wait", check=False)
            self.weft("down", check=False)
            # Where nothing had been made yet, nobody waits for the end of the killed one's shell.
            until = time.monotonic() + 10
            while (after := [self.state_of(host) for host in self.reals]) != before and time.monotonic() < until:
                time.sleep(0.1)
            self.assertEqual(after, before, f"killed after {tenths / 10} s")

    def test_switch_that_died_is_told_and_the_lab_goes_once_it_runs_again(self):
        before = [self.state_of(host) for host in self.reals]
        self.weft("up")
        self.reals[1].run("kill -9 $(cat /run/openvswitch/weftd.pid)")
        self.assertIn("weftd does not run", self.weft("status", check=False).stdout)
        for command in ("up", "down"):
            said = self.weft(command, check=False)
            self.assertEqual(said.returncode, 1, said.stdout)
            self.assertRegex(said.stdout, r"two: weftd does not run, .* start it, then run this again")
        self.assertEqual(self.state_of(self.reals[0]), before[0], "the other host has nothing to wait for")
        self.start_weftd(self.reals[1])
        self.assertIn("nothing is left of it", self.weft("down"))
        self.assertEqual(self.state_of(self.reals[1]), before[1])

    def test_host_that_does_not_let_us_in_is_told_with_what_to_do(self):
        (self.folder / "key.pub").write_text("")
        said = self.weft("up", check=False)
        self.assertEqual(said.returncode, 1, said.stdout)
        self.assertIn("Permission denied", said.stdout)
        self.assertIn("ssh-copy-id root@10.99.0.1", said.stdout)

    def test_host_without_sshd_is_told_so(self):
        self.reals[0].run(f"kill $(cat {self.folder}/sshd.pid)", check=False)
        self.reals[0].run("ip link set eth1 down")
        self.control.run("ip link set port1 down; ip addr del 10.99.0.9/24 dev management")
        said = self.weft("up", check=False)
        self.assertEqual(said.returncode, 1, said.stdout)
        self.assertIn("ssh root@10.99.0.1", said.stdout)


if __name__ == "__main__":
    fetch_guest()
    system.main()
