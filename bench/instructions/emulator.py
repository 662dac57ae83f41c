"""A guest that counts instructions: qemu emulates it with a clock that goes on a nanosecond an instruction. Its root file
system is this machine's own, read only, so that it runs what this machine runs."""

import json
import pathlib
import shutil
import subprocess
import tempfile

import kernel
from console import StepFailed
from frame import PROJECT

KERNEL = PROJECT / "build/kernel"
MODULES = ("crc32c_generic", "virtio_pci", "9pnet_virtio", "9p", "veth", "vxlan", "bridge", "sch_ingress", "cls_bpf", "tun",
           "openvswitch")
MEMORY_MB = 2048
PROGRAMS = ("qemu-system-x86_64", "busybox", "cpio", "dpkg-deb", "apt-get")
COMMAND_LINE = "console=ttyS0 quiet panic=1 tsc=reliable"


def lacks():
    """What of it is not there; None if all is."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    return f"{', '.join(missing)} not installed" if missing else None


def _initrd(folder):
    root = folder / "root"
    (root / "bin").mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), root / "bin/busybox")
    shutil.copy(pathlib.Path(__file__).with_name("init"), root / "init")
    (root / "init").chmod(0o755)
    kernel.make_initrd(root, folder / "initrd", kernel.modules(KERNEL, MODULES))
    return folder / "initrd"


def _share(name, folder):
    return ("-fsdev", f"local,id={name},path={folder},security_model=none,readonly=on,multidevs=remap", "-device",
            f"virtio-9p-pci,fsdev={name},mount_tag={name}")


def run(command, say):
    """Runs it in the guest. What it writes goes to `say`, line by line. It ends with JSON, from a line "{" on: its value is
    returned."""
    kernel.fetch("linux-image-amd64", KERNEL)
    with tempfile.TemporaryDirectory() as folder:
        # shift=0: an instruction takes a nanosecond.
        machine = ["qemu-system-x86_64", "-accel", "tcg", "-icount", "shift=0", "-cpu", "max", "-m", str(MEMORY_MB),
                   "-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio", "-kernel", kernel.image(KERNEL),
                   "-initrd", _initrd(pathlib.Path(folder)), *_share("root", "/"), *_share("project", PROJECT), "-append",
                   f"{COMMAND_LINE} project={PROJECT} command={command}"]
        said = []
        with subprocess.Popen(machine, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", preexec_fn=kernel.end_with_parent) as qemu:
            for line in qemu.stdout:
                said.append(line.rstrip("\r\n"))
                say(said[-1])
    if "ended: 0" not in said:
        raise StepFailed("the guest: " + "\n".join(line for line in said[-8:] if line))
    end = said.index("ended: 0")
    return json.loads("\n".join(said[said.index("{"):end]))
