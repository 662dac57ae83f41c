"""host_init.py DIRECTORY NAME: the first process of a host of the lab.

It runs in the host's own network, mount, uts and pid namespace, makes the mounts private, says in DIRECTORY/ready that
the host is there, and reaps. Its end is the end of every process of the host, and of everything it mounted.
"""

import os
import shutil
import signal
import subprocess
import sys

# Each host has its own; those the machine does not have, the host does not need.
PRIVATE = ["/etc/openvswitch", "/var/lib/openvswitch", "/var/log/openvswitch", "/etc/libvirt", "/var/lib/libvirt",
           "/var/log/libvirt", "/var/cache/libvirt"]

# libvirt in a host that has no cgroups, no users beside root and no log daemon.
QEMU_CONF = """
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
stdio_handler = "file"
remember_owner = 0
"""


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def make_private(directory, path):
    own = directory + "/private" + path
    os.makedirs(own, exist_ok=True)
    if path == "/etc/libvirt":
        shutil.copytree(path, own, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(own + "/qemu/networks", ignore_errors=True)  # The machine's own networks stay the machine's.
        with open(own + "/qemu.conf", "a") as conf:
            conf.write(QEMU_CONF)
    mount("--bind", own, path)


def main():
    directory, name = sys.argv[1:]
    subprocess.run(["hostname", name], check=True)
    mount("-t", "proc", "proc", "/proc")
    subprocess.run(["umount", "-l", "/sys"], check=True)  # With the cgroups below it: libvirt must not try them.
    mount("-t", "sysfs", "sysfs", "/sys")
    mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    for folder in ("netns", "openvswitch", "libvirt", "lock"):
        os.makedirs(f"/run/{folder}", exist_ok=True)
    for path in filter(os.path.isdir, PRIVATE):
        make_private(directory, path)
    with open(directory + "/ready", "w") as ready:
        ready.write("ready\n")

    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    while True:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            pass
        signal.sigwait({signal.SIGCHLD})


if __name__ == "__main__":
    main()
