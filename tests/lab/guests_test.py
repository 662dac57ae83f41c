"""Virtual machines and containers with a file system of their own, made by `weft lab` and taken away by it."""

import os
import pathlib
import shutil
import signal
import subprocess

from lab import CACHE, LabTest, fetch_guest, main, needs, needs_guest, processes

LAB = """
name: guests
hosts: [host1, host2]
networks:
  net: {vni: 100, group: 239.0.0.1, subnet: 192.168.100.0/24, dhcp: %s}
"""
MACHINES = """
vms:
  vm1: {host: host1, memory: 128M, address: 192.168.100.21}
  vm2: {host: host2, memory: 128M, address: 192.168.100.22}
"""


class GuestTest(LabTest):
    hypervisor = ""

    def environment(self):
        return {**super().environment(), "WEFT_CACHE_DIR": str(CACHE), "WEFT_HYPERVISOR": self.hypervisor}

    def take_down(self):
        self.lab("down")
        self.assert_nothing_left()


@needs("qemu-system-x86_64", "qemu-img")
@needs_guest
class MachinesTest(GuestTest):
    def meet(self):
        self.assertIn("192.168.100.21/24", self.lab("exec", "vm1", "--", "ip", "-4", "address", "show", "eth0"))
        self.assertIn("0% packet loss", self.lab("exec", "vm2", "--", "ping", "-c", "2", "192.168.100.21"))
        self.assertIn("mtu 1450", self.lab("exec", "vm1", "--", "ip", "link", "show", "eth0"))
        self.assertIn("nothing to do", self.lab("up"))

    def meet_and_leave(self, dhcp, end=None):
        """With `end`, which ends vm1, also after it has been started again."""
        file = self.write(LAB % dhcp + MACHINES)
        self.lab("up")
        self.meet()
        if end:
            end()
            self.assertRegex(self.lab("status", status=1), r"vm1 .* vm1 does not run")
            self.assertRegex(self.lab("verify", status=1), r"the VM vm1 on host1 does not run")
            self.assertEqual(self.steps(file, "--dry-run")[-2:], [("start", "machine", "vm1"), ("start", "guest", "vm1")])
            self.assertRegex(self.lab("up"), r"✓ start machine +vm1 on host1: had ended")
            self.meet()
        self.take_down()

    def kill_machine(self):
        pid = next(pid for pid, words in processes() if words[0].endswith(b"qemu-system-x86_64") and b"vm1" in words)
        os.kill(pid, signal.SIGKILL)
        self.wait_until(lambda: pid not in dict(processes()), "it ends")

    def test_by_qemu(self):
        self.hypervisor = "qemu"
        self.meet_and_leave("false")

    @needs("libvirtd", "virsh")
    def test_by_libvirt_and_started_again_alone(self):
        end = "virsh -q destroy vm1; pid=$(cat /run/libvirtd.pid); kill -9 $pid; while kill -0 $pid 2>/dev/null; do sleep 0.01; done"
        self.meet_and_leave("false", lambda: self.lab("exec", "host1", "--", "sh", "-c", end))

    def test_get_their_addresses_by_dhcp_and_again_when_they_are_started_again(self):
        self.hypervisor = "qemu"
        self.meet_and_leave("true", self.kill_machine)

    def test_have_a_console_that_several_read(self):
        self.hypervisor = "qemu"
        self.write(LAB % "false" + MACHINES)
        self.lab("up")
        reader = subprocess.Popen(self.command("console", "vm1"), env=self.environment(), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(reader.kill)
        self.lab("exec", "vm2", "--", "ip", "address", "add", "192.168.100.21/24", "dev", "eth0")
        self.assertRegex(self.lab("verify", status=1),
                         r"vm2 on host2 has the address 192\.168\.100\.21, which is that of vm1 on host1; on vm2: ip address delete")
        self.lab("exec", "vm2", "--", "ip", "address", "delete", "192.168.100.21/24", "dev", "eth0")
        self.assertIn("heard by both", self.lab("exec", "vm1", "--", "echo", "heard by both"))
        heard = b""
        while b"heard by both" not in heard.replace(b"echo 'heard by both'", b""):
            data = os.read(reader.stdout.fileno(), 65536)
            self.assertTrue(data, "the other console has ended")
            heard += data
        reader.stdin.write(b"\x1d")
        reader.stdin.close()
        self.assertEqual(reader.wait(timeout=60), 0)

    def test_whose_image_is_not_there_is_an_error_that_leaves_nothing(self):
        self.write(LAB % "false" + "\nvms:\n  vm1: {host: host1, image: /nonexistent.qcow2}\n")
        self.assertIn("there is no image /nonexistent.qcow2", self.lab("up", status=1))
        self.take_down()


@needs("podman", "busybox")
class PodmanTest(GuestTest):
    def make_rootfs(self):
        root = self.files / "rootfs"
        for name in ("bin", "proc", "sys", "dev", "etc", "run", "tmp"):
            (root / name).mkdir(parents=True)
        shutil.copy(shutil.which("busybox"), root / "bin/busybox")
        for name in ("sh", "sleep", "ping", "hostname"):
            (root / "bin" / name).symlink_to("busybox")
        return root

    def test_containers_with_a_file_system_reach_each_other(self):
        root = self.make_rootfs()
        self.write(LAB % "false" + f"""
containers:
  p1: {{host: host1, rootfs: {root}, address: 192.168.100.1}}
  p2: {{host: host2, rootfs: {root}, address: 192.168.100.2, command: [sleep, "1000"], environment: {{WORD: "two words"}}}}
""")
        self.lab("up")
        self.assertIn("0% packet loss", self.lab("exec", "p1", "--", "ping", "-c", "2", "192.168.100.2"))
        self.assertEqual(self.lab("exec", "p2", "--", "sh", "-c", "hostname; echo $WORD"), "p2\ntwo words\n")
        self.lab("exec", "p2", "--", "sh", "-c", "echo x >/made")
        self.assertFalse((root / "made").exists(), "what a container writes is its own")
        self.take_down()

    def test_a_container_that_stopped_is_started_again_with_what_it_has_written(self):
        root = self.make_rootfs()
        file = self.write(LAB % "false" + f"""
containers:
  p1: {{host: host1, rootfs: {root}, address: 192.168.100.1, command: [sleep, "1000"]}}
  p2: {{host: host2, rootfs: {root}, address: 192.168.100.2, command: [sleep, "1000"]}}
""")
        self.lab("up")
        self.lab("exec", "p1", "--", "sh", "-c", "echo kept >/made")
        self.lab("exec", "host1", "--", "sh", "-c", "kill -9 $(cat /run/p1.pid)")
        self.assertRegex(self.lab("status", status=1), r"p1 .* p1 does not run")
        self.assertEqual(self.steps(file, "--dry-run"), [("start", "podman", "p1")])
        self.lab("up")
        self.assertEqual(self.lab("exec", "p1", "--", "sh", "-c", "read -r word </made; echo $word"), "kept\n")
        self.assertIn("0% packet loss", self.lab("exec", "p1", "--", "ping", "-c", "2", "192.168.100.2"))
        self.assertEqual(self.steps(file), [])
        self.take_down()

    def test_containers_start_from_an_image_of_the_machine(self):
        images = pathlib.Path("/var/lib/containers")  # The machine's: hidden here from what podman writes.
        if not images.exists():
            images.mkdir()
            self.addCleanup(images.rmdir)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", images], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", images], check=True)
        archive = self.files / "image.tar"
        subprocess.run(["tar", "-C", self.make_rootfs(), "-cf", archive, "."], check=True)
        subprocess.run(["podman", "import", "--quiet", archive, "localhost/weft-test:1"], check=True, capture_output=True)
        self.write(LAB % "false" + """
containers:
  p1: {host: host1, image: "localhost/weft-test:1", command: [sleep, "1000"], address: 192.168.100.1}
  p2: {host: host2, image: "localhost/weft-test:1", command: [sleep, "1000"], address: 192.168.100.2}
""")
        self.lab("up")
        self.assertIn("0% packet loss", self.lab("exec", "p1", "--", "ping", "-c", "2", "192.168.100.2"))
        self.take_down()


if __name__ == "__main__":
    fetch_guest()
    main()
