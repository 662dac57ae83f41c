"""Virtual machines on the lab's hosts: plain qemu with a tap, or libvirt, which plugs its port in by itself."""

import os
import pathlib
import shutil
import subprocess
import tempfile

from console import StepFailed
from lab import PROJECT
from serial import Serial

IMAGE = PROJECT / "build/guest"
BOOT_SECONDS_MAX = 120
PROBE_SECONDS_MAX = 10
MEMORY_MB = 128
COMMAND_LINE = "console=ttyS0 quiet panic=1 tsc=reliable"

NETWORK = """<network>
  <name>lu-br0</name>
  <forward mode="bridge"/>
  <bridge name="lu-br0"/>
  <virtualport type="openvswitch"/>
</network>
"""

DOMAIN = """<domain type="{kind}">
  <name>{name}</name>
  <memory unit="MiB">{memory}</memory>
  <os>
    <type>hvm</type>
    <kernel>{image}/vmlinuz</kernel>
    <initrd>{image}/initrd</initrd>
    <cmdline>{command_line} guest={name}</cmdline>
  </os>
  <devices>
    <interface type="network">
      <source network="lu-br0"/>
      <mac address="{mac}"/>
      <model type="virtio"/>
    </interface>
    <serial type="unix">
      <source mode="bind" path="{serial}"/>
    </serial>
    <memballoon model="none"/>
  </devices>
</domain>
"""


def ways():
    """How this machine can run a VM: some of "libvirt" and "qemu", the one to prefer first."""
    if not shutil.which("qemu-system-x86_64"):
        return []
    has_libvirt = all(map(shutil.which, ("libvirtd", "virsh")))
    return ["libvirt", "qemu"] if has_libvirt else ["qemu"]


def build_image():
    done = subprocess.run([str(PROJECT / "src/hosts/guest/build"), str(IMAGE)], capture_output=True, text=True)
    if done.returncode:
        raise StepFailed((done.stderr.strip() or "could not build the guest").split("\n")[-1])
    owner = PROJECT.stat()  # Not root's, where sudo brought us here: build/ stays the user's to delete.
    for path in (IMAGE, *IMAGE.iterdir()):
        os.chown(path, owner.st_uid, owner.st_gid)


def accelerator():
    """kvm, if a guest really starts with it, else tcg (qemu's emulation): /dev/kvm alone promises nothing.

    Tried once a boot of this machine; the answer is kept beside the image.
    """
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    boot, kept = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text(), IMAGE / "accelerator"
    if kept.exists() and (words := kept.read_text().split(maxsplit=1))[1:] == [boot]:
        return words[0]
    answer = _try_kvm()
    kept.write_text(f"{answer} {boot}")
    return answer


def _try_kvm():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/serial"
        process = subprocess.Popen(["qemu-system-x86_64", "-accel", "kvm", *_machine("probe", path)],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            # The probe has no prompt of a numbered guest: any word of its shell will do.
            Serial(path, "vm0", PROBE_SECONDS_MAX).close()
            return "kvm"
        except StepFailed:
            return "tcg"
        finally:
            process.kill()
            process.wait()


def _machine(name, serial):
    return ["-m", str(MEMORY_MB), "-nodefaults", "-display", "none", "-kernel", f"{IMAGE}/vmlinuz", "-initrd",
            f"{IMAGE}/initrd", "-append", f"{COMMAND_LINE} guest={name}", "-serial", f"unix:{serial},server=on,wait=off"]


class Guest:
    """vm1 on host1, vm2 on host2; addresses as in the tutorial."""

    def __init__(self, host, way):
        self.host, self.way = host, way
        self.name = f"vm{host.number}"
        self.mac = f"52:54:00:10:00:2{host.number}"
        self.address = f"192.168.100.2{host.number}"
        self.serial_path = host.directory / f"{self.name}.serial"
        self.serial = None
        self.process = None

    def start(self, accelerator_name):
        (self._start_by_libvirt if self.way == "libvirt" else self._start_by_qemu)(accelerator_name)

    def _start_by_qemu(self, accelerator_name):
        self.host.run("ip tuntap add dev vnet0 mode tap && ovs-vsctl --timeout=20 add-port lu-br0 vnet0 && ip link set vnet0 up")
        self.process = self.host.spawn(
            "qemu.log", "qemu-system-x86_64", "-accel", accelerator_name, *_machine(self.name, self.serial_path),
            "-netdev", "tap,id=net0,ifname=vnet0,script=no,downscript=no",
            "-device", f"virtio-net-pci,netdev=net0,mac={self.mac},romfile=", "-pidfile", f"{self.host.directory}/qemu.pid")

    def _start_by_libvirt(self, accelerator_name):
        kind = "kvm" if accelerator_name == "kvm" else "qemu"
        self.write("network.xml", NETWORK)
        self.write("domain.xml", DOMAIN.format(kind=kind, name=self.name, memory=MEMORY_MB, image=IMAGE, mac=self.mac,
                                               command_line=COMMAND_LINE, serial=self.serial_path))
        self.host.run("libvirtd -d && tries=0; until virsh -q list >/dev/null 2>&1; do "
                      "tries=$((tries + 1)); [ $tries -lt 100 ] || exit 1; sleep 0.1; done")
        self.host.run("virsh -q net-define network.xml && virsh -q net-start lu-br0 && "
                      f"virsh -q define domain.xml && virsh -q start {self.name}")

    def write(self, name, text):
        pathlib.Path(self.host.directory, name).write_text(text)

    def wait(self):
        """Until the guest's shell answers."""
        self.serial = Serial(self.serial_path, self.name, BOOT_SECONDS_MAX)

    def set_address(self):
        status, said = self.serial.run(f"ip addr add {self.address}/24 dev eth0")
        if status:
            raise StepFailed(f"{self.name}: {said.strip()}")

    def stop(self):
        """Off, and out of the bridge; fine where it never was."""
        if self.serial:
            self.serial.close()
        if self.way == "libvirt":
            self.host.run(f"virsh -q destroy {self.name}; virsh -q undefine {self.name}; virsh -q net-destroy lu-br0; "
                          "virsh -q net-undefine lu-br0; kill $(cat /run/libvirtd.pid)", check=False)
        else:
            self.host.run(f"kill $(cat {self.host.directory}/qemu.pid); ovs-vsctl --timeout=20 --if-exists del-port lu-br0 "
                          "vnet0; tries=0; until ip tuntap del dev vnet0 mode tap; do tries=$((tries + 1)); "
                          "[ $tries -lt 50 ] || break; sleep 0.1; done", check=False)
