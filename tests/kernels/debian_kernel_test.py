#!/usr/bin/python3
"""The tests of the datapath's programs on Debian's kernel (6.1), in a small virtual machine: every program is taken by that
kernel's verifier, and does there what it does here.

usage: debian_kernel_test.py TEST_PROGRAM...

The guest has no disk: its initial file system is busybox, iproute2, the kernel's modules, the programs, and the libraries these need.
Exit status: 0 passed, 1 failed, 77 the machine lacks what it takes.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tools"), str(PROJECT / "tools/lab")]

import guest  # noqa: E402
import kernel  # noqa: E402

SKIPPED = 77
MINUTES_MAX = 10  # Without KVM the verifier is emulated, too.
MEMORY_MB = 512
MODULES = ["vxlan", "veth", "tun", "dummy", "sch_ingress", "cls_bpf"]
PROGRAMS = ["dash", "ip", "tc"]


def lacking():
    missing = [name for name in ("qemu-system-x86_64", "busybox", "cpio", "dpkg-deb", *PROGRAMS) if not shutil.which(name)]
    if missing:
        return f"{', '.join(missing)} not installed; ./run demo --vm installs what virtual machines need"
    done = subprocess.run([str(PROJECT / "src/hosts/guest/build"), str(guest.IMAGE)], capture_output=True, text=True)
    return (done.stderr.strip() or "no guest").split("\n")[-1] if done.returncode else None


def add_program(root, folder, path):
    """With the libraries it needs, each where its loader looks for it."""
    (root / folder).mkdir(exist_ok=True)
    shutil.copy(path, root / folder)
    said = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
    for library in re.findall(r"(/\S+) \(0x", said):
        target = root / library.removeprefix("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, target)


def make_initrd(scratch, tests):
    root = scratch / "root"
    (root / "bin").mkdir(parents=True)
    shutil.copy(shutil.which("busybox"), root / "bin/busybox")
    shutil.copy(pathlib.Path(__file__).with_name("init"), root / "init")
    (root / "init").chmod(0o755)
    for program in PROGRAMS:
        add_program(root, "programs", shutil.which(program))
    (root / "bin/sh").symlink_to("/programs/dash")  # Busybox's shell would take busybox's `ip`.
    for test in tests:
        add_program(root, "tests", test)
    kernel.unpack(guest.IMAGE / "kernel.deb", scratch / "kernel")
    initrd = scratch / "initrd"
    kernel.make_initrd(root, initrd, kernel.modules(scratch / "kernel", MODULES))
    return initrd


def run_guest(initrd):
    """What it says on its console, which is printed as it comes."""
    command = ["qemu-system-x86_64", "-accel", guest.accelerator(), "-m", str(MEMORY_MB), "-nodefaults", "-no-reboot",
               "-display", "none", "-kernel", guest.IMAGE / "vmlinuz", "-initrd", initrd, "-append",
               guest.COMMAND_LINE, "-serial", "stdio"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", preexec_fn=kernel.end_with_parent) as qemu:
        watchdog = threading.Timer(60 * MINUTES_MAX, qemu.kill)
        watchdog.start()
        said = []
        for line in qemu.stdout:
            print(line, end="", flush=True)
            said.append(line)
        watchdog.cancel()
    return "".join(said)


def main(tests):
    if reason := lacking():
        print(f"skipped: {reason}")
        return SKIPPED
    with tempfile.TemporaryDirectory(dir=guest.IMAGE) as folder:
        said = run_guest(make_initrd(pathlib.Path(folder), tests))
    if "[  SKIPPED ]" in said:
        print("a test was skipped in the guest")
        return 1
    ended = dict(re.findall(r"^ended: (\S+) (\d+)\r?$", said, re.MULTILINE))
    return 0 if ended == {os.path.basename(test): "0" for test in tests} else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
