"""Cloud images in a lab: they are told all they ask for, by the network or by a disk, and wait for nothing.

Debian's is made once (cloud_image/debian/build), of packages from the archive that this machine's apt uses; beside it a
small guest asks as cirros does.
"""

import os
import subprocess
import time
import unittest

from guests_test import GuestTest
from lab import CACHE, main, needs
from system import INSIDE, PROJECT

IMAGES = CACHE / "cloud_image"
DEBIAN, CIRROS_LIKE = IMAGES / "debian/debian.qcow2", IMAGES / "cirros_like/cirros_like.qcow2"
DONE_SECONDS_MAX = 300  # After the guest has its address; emulated, on a machine with other work.
KEY = "id_ed25519"

NETWORKS = """
hosts: [host1, host2]
networks:
  net: {vni: 100, group: 239.0.0.1, subnet: 192.168.100.0/24}
  silent: {vni: 101, group: 239.0.0.2, subnet: 192.168.101.0/24, bridge: lu-br1, dhcp: false, metadata: false}
containers:
  c1: {host: host2, network: net, address: 192.168.100.1}
  c2: {host: host1, network: silent, address: 192.168.101.1}
vms:
"""
MACHINE = """
  {name}:
    host: {host}
    network: {network}
    address: {address}
    image: {image}
    memory: 512M
    ssh-keys: [{key}.pub]
    {more}
    user-data: |
      #cloud-config
      {user_data}
      ssh_genkeytypes: [ed25519]
      write_files: [{{path: /etc/written, content: by cloud-init}}]
      runcmd: [[sh, -c, "hostname >/etc/ran"]]
"""
VM1 = {"name": "vm1", "host": "host1", "network": "net", "address": "192.168.100.21", "more": "", "user_data": ""}
# Its console can be logged in to.
VM2 = {"name": "vm2", "host": "host2", "network": "silent", "address": "192.168.101.22", "more": "login: debian\n    password: secret",
       "user_data": "password: secret\n      chpasswd: {expire: false}"}

# What a guest says of itself, a line each.
QUESTIONS = r"""
cloud-init status --wait >/dev/null; cloud-init status
cat /run/cloud-init/cloud-id
hostname
cat /etc/ran /etc/written; echo
cat /sys/class/net/e*/mtu
grep -ciE 'timed out|giving up|unreachable' /var/log/cloud-init.log
systemctl is-active systemd-networkd-wait-online.service
"""


def make(image):
    """Outside, where the network is. Where it cannot be made, the reason stays in the environment for the tests."""
    if INSIDE in os.environ or os.getuid() != 0:
        return
    done = subprocess.run([PROJECT / "tests/lab/cloud_image" / image.stem / "build", image.parent], capture_output=True, text=True)
    if done.returncode:
        os.environ[lack(image)] = (done.stderr.strip() or "it cannot be made").split("\n")[-1]


def lack(image):
    return f"WEFT_TEST_LACKS_{image.stem}"


def needs_image(image):
    return unittest.skipIf(lack(image) in os.environ, os.environ.get(lack(image)))


@needs("qemu-system-x86_64", "qemu-img", "ssh", "ssh-keygen", "genisoimage")
@needs_image(DEBIAN)
class DebianTest(GuestTest):
    hypervisor = "qemu"
    command_seconds_max = 400

    def up(self, *machines):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.files / KEY], check=True)
        self.write("name: cloud\n" + NETWORKS + "".join(
            MACHINE.format(image=DEBIAN, key=self.files / KEY, **machine) for machine in machines))
        self.lab("up")

    def ask(self, container, address):
        """What the guest answers to QUESTIONS, asked over ssh from a container of the other host, once it lets us in."""
        login = ["ssh", "-i", self.files / KEY, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
                 "-o", "BatchMode=yes", "-o", "ConnectTimeout=5", f"debian@{address}"]
        until = time.monotonic() + DONE_SECONDS_MAX
        while True:
            done = subprocess.run(self.command("exec", container, "--", *map(str, login), QUESTIONS), env=self.environment(),
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DONE_SECONDS_MAX)
            if done.returncode == 0 or time.monotonic() > until:
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                return done.stdout.split("\n")[:-1]
            time.sleep(1)

    def assert_is_made(self, container, machine, source):
        self.assertTrue(self.pings(container, machine["address"]), "up returns when the guest has its address")
        self.assertEqual(self.ask(container, machine["address"]),
                         ["status: done", source, machine["name"], machine["name"], "by cloud-init", "1450", "0", "active"])

    def test_is_told_by_the_network_or_by_a_disk(self):
        self.up(VM1, VM2)
        self.assert_is_made("c1", VM1, "openstack")
        self.assert_is_made("c2", VM2, "nocloud")
        said = self.lab("verify")
        self.assertIn("vm1: asked by the others, but not from within: the console wants a login", said)
        self.assertNotIn("vm2: asked by the others", said)
        self.assertIn("2 pairs reach each other", said)
        self.take_down()


CIRROS_LIKE_LAB = f"""
name: cirros
hosts: [host1]
networks:
  net: {{vni: 100, subnet: 192.168.100.0/24}}
vms:
  vm1: {{host: host1, address: 192.168.100.21, image: {CIRROS_LIKE}, memory: 128M, ssh-keys: [ssh-ed25519 AAAA me]}}
"""


@needs("qemu-system-x86_64", "qemu-img")
@needs_image(CIRROS_LIKE)
class CirrosLikeTest(GuestTest):
    """By libvirt, where it is: it calls a machine by a UUID."""

    def test_asks_for_its_id_once(self):
        self.write(CIRROS_LIKE_LAB)
        self.lab("up")
        said = self.lab("exec", "vm1", "--", "sh", "-c", "cd /run/metadata; cat tries instance-id; hostname; "
                        "cat ~/.ssh/authorized_keys /sys/class/net/eth0/mtu")
        tries, instance, *rest = said.split()
        self.assertEqual(tries, "1")
        self.assertRegex(instance, "^i-")
        self.assertEqual(rest, ["vm1", "ssh-ed25519", "AAAA", "me", "1450"])
        self.take_down()


if __name__ == "__main__":
    for image in (DEBIAN, CIRROS_LIKE):
        make(image)
    main()
