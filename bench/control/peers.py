"""What of a peer (bench/switches.py) is measured: its database server alone, or its whole switch."""

import json
import pathlib
import subprocess
import time

import meter
from console import StepFailed
from host import Host

START_SECONDS_MAX = 60
SCHEMA = pathlib.Path(__file__).with_name("bench.ovsschema")


class Database:
    """A database server alone, with the bench's own schema, on a real disk."""

    def __init__(self, peer, folder, load):
        self.peer, self.folder, self.load_program = peer, folder, load
        self.process = None
        self.socket = folder / "db.sock"
        self.run("ovsdb-tool", "create", str(folder / "db"), str(SCHEMA))

    def run(self, *command):
        return subprocess.run(command, env=self.peer.environment(), check=True, capture_output=True, text=True).stdout

    def start(self):
        """Returns when the server answers."""
        log = (self.folder / "server.log").open("a")
        self.process = subprocess.Popen(
            ["ovsdb-server", "--no-chdir", f"--remote=punix:{self.socket}", f"--unixctl={self.folder / 'ctl'}",
             "-vconsole:warn", str(self.folder / "db")],
            env=self.peer.environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        until = time.monotonic() + START_SECONDS_MAX
        while not self.socket.exists() or subprocess.run(
                [self.load_program, str(self.socket), "update", "1", "1"], capture_output=True, check=False).returncode:
            if time.monotonic() > until or self.process.poll() is not None:
                raise StepFailed(f"{self.peer.name}: ovsdb-server does not answer; see {self.folder / 'server.log'}")
            time.sleep(0.002)

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def load(self, *words):
        """Seconds that the work took."""
        return json.loads(self.run(self.load_program, str(self.socket), *map(str, words)))["seconds"]

    def cpu_ms(self):
        return meter.cpu_ms(self.process.pid)


class Switch:
    """A whole switch on a host of its own, with bridge br0."""

    def __init__(self, peer, folder, number):
        self.peer = peer
        self.host = Host(folder, number, peer.programs)
        self.host.start()
        self.host.run(f"set -e\nstate={self.host.state}\n{peer.start_daemons}\n{peer.add_bridge('br0')}")
        self.daemons = meter.Daemons(self.host.pid, peer.daemons)

    def stop(self):
        self.host.stop()

    def run(self, script):
        """Seconds of a piece of shell on the host."""
        began = time.monotonic()
        self.host.run(script, timeout=600)
        return time.monotonic() - began

    def cpu_ms(self, script):
        """CPU of clients and daemons together, until the last client has its answer."""
        before = meter.children_cpu_ms() + self.daemons.cpu_ms()
        self.run(script)
        return meter.children_cpu_ms() + self.daemons.cpu_ms() - before

    def make_devices(self, count):
        """p1, p2, ...: ends of veth pairs."""
        self.host.run(f"for i in $(seq {count}); do echo link add p$i type veth peer name q$i; done | ip -batch -")
