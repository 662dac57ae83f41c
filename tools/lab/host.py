"""A host of the lab: a network, mount, uts and pid namespace of its own, held by one process (host_init.py).

It has no name in the machine: no `ip netns` entry, no device outside. Where its first process ends, all of it ends.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time

from console import StepFailed

INIT = pathlib.Path(__file__).with_name("host_init.py")
NAMESPACES = ("net", "mnt", "uts", "pid")  # What each host has of its own.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
START_SECONDS_MAX = 15
COMMAND_SECONDS_MAX = 60


class Host:
    def __init__(self, lab_directory, number, programs):
        """programs: the folder that comes first in the host's PATH."""
        self.number = number
        self.name = f"host{number}"
        self.directory = pathlib.Path(lab_directory) / self.name
        self.state = self.directory / "switch"  # What the switch keeps over a restart.
        self.programs = programs
        self.underlay = f"172.31.99.{number}"
        self.pid = None  # Of its first process, as the machine sees it.
        self.holder = None  # The unshare that waits for it, where this process started the host.

    # --- life ---------------------------------------------------------------------------------------------------

    def start(self):
        self.state.mkdir(parents=True)
        errors = (self.directory / "init.log").open("w")
        self.holder = subprocess.Popen(["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child",
                                        "--propagation", "private", sys.executable, "-B", str(INIT), str(self.directory),
                                        self.name],
                                       stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, start_new_session=True,
                                       cwd="/")
        until = time.monotonic() + START_SECONDS_MAX
        while not (self.directory / "ready").exists():
            if time.monotonic() > until or (self.directory / "init.log").stat().st_size:
                raise StepFailed(f"{self.name} did not start: {(self.directory / 'init.log').read_text().strip()[-200:]}")
            time.sleep(0.01)
        self.attach()

    def attach(self):
        """Finds the running host again. False where it does not run."""
        holders = self.holders()
        # The holder proper is the one in a pid namespace of its own.
        inside = [pid for pid in holders if namespace(pid, "pid") != namespace("self", "pid")]
        self.pid = inside[0] if inside else None
        return self.pid is not None

    def holders(self):
        """Pids of the host's first process and of the unshare that waits for it, told by their arguments."""
        wanted, found = str(self.directory).encode(), []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                arguments = pathlib.Path("/proc", pid, "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if str(INIT).encode() in arguments and wanted in arguments:
                found.append(int(pid))
        return found

    def stop(self):
        for pid in self.holders():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        until = time.monotonic() + START_SECONDS_MAX
        while self.holders() and time.monotonic() < until:
            if self.holder:
                self.holder.poll()
            time.sleep(0.01)
        self.pid = None

    # --- commands -----------------------------------------------------------------------------------------------

    def enter(self, *command):
        """The command line that runs `command` on this host."""
        # --root: where all this runs in a chroot, the mount namespace alone would lead out of it.
        return ["nsenter", "-t", str(self.pid), "--net", "--mount", "--uts", "--pid", "--root", f"--wd={self.directory}",
                "--", *command]

    def environment(self):
        kept = {name: os.environ[name] for name in ("TERM", "LANG", "NO_COLOR") if name in os.environ}
        return {**kept, "PATH": f"{self.programs}:{SYSTEM_PATH}", "HOME": str(self.directory), "LC_ALL": "C.UTF-8"}

    def run(self, script, check=True, timeout=COMMAND_SECONDS_MAX):
        """Runs a piece of shell on the host. Its output; StepFailed with what it said where it fails and check is on."""
        try:
            done = subprocess.run(self.enter("sh", "-c", script), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  errors="replace", env=self.environment(), timeout=timeout)
        except subprocess.TimeoutExpired:
            raise StepFailed(f"{self.name}: no end after {timeout} s: {script}") from None
        if check and done.returncode:
            said = (done.stderr.strip() or done.stdout.strip() or f"exit status {done.returncode}").split("\n")[-1]
            raise StepFailed(f"{self.name}: {said}\n{script}")
        return done.stdout if check else done

    def spawn(self, log_name, *command):
        """Starts a program on the host that goes on until the host ends."""
        log = (self.directory / log_name).open("a")
        return subprocess.Popen(self.enter(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                env=self.environment(), start_new_session=True)

    def vsctl(self, arguments):
        return self.run(f"ovs-vsctl --timeout=20 {arguments}")


def namespace(pid, kind):
    """Names a process's namespace: "net:[4026531840]". None where there is no such process."""
    try:
        return os.readlink(f"/proc/{pid}/ns/{kind}")
    except OSError:
        return None

