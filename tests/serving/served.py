"""Our ovsdb-server in a folder of its own, for tests that look at it from outside.

WEFT_BIN is where our programs are; otherwise they are taken from build/bin.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT / "tests/system"))

from system import Listing  # noqa: E402

BIN = pathlib.Path(os.environ.get("WEFT_BIN", PROJECT / "build/bin"))
SECONDS_MAX = 15
# The tests compare with its programs, by their full names: ours may come first in PATH.
OPEN_VSWITCH = {name: pathlib.Path("/usr") / place / name for name, place in (
    ("ovsdb-server", "sbin"), ("ovsdb-client", "bin"), ("ovsdb-tool", "bin"), ("ovs-appctl", "bin"))}


def wait_until(is_so, what):
    """Fails after SECONDS_MAX."""
    until = time.monotonic() + SECONDS_MAX
    while not is_so():
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.01)


def is_running(pid):
    """It has not ended yet, whether or not somebody has taken notice."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


class Client:
    """Says exactly what it is told to, and keeps what it hears."""

    def __init__(self, path):
        self.buffer = ""
        self.heard = []
        self.is_closed = False
        self.last_id = 0
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(SECONDS_MAX)
        try:
            self.socket.connect(str(path))
        except OSError:
            self.socket.close()
            raise

    def close(self):
        self.socket.close()

    def send(self, method, *params):
        """The id under which the answer comes."""
        self.last_id += 1
        self.socket.sendall(json.dumps({"method": method, "params": params, "id": self.last_id}).encode())
        return self.last_id

    def ask(self, method, *params):
        """The result, or the error. What comes before it stays in heard."""
        wanted = self.send(method, *params)
        while True:
            message = self.next_message()
            if message is None:
                raise AssertionError(f"the server closed the connection before it answered {method}")
            if message.get("id") == wanted and "method" not in message:
                return message["result"] if message["error"] is None else message["error"]
            self.heard.append(message)

    def next_message(self):
        """None: the server has closed the connection."""
        while True:
            try:
                message, end = json.JSONDecoder().raw_decode(self.buffer)
                self.buffer = self.buffer[end:].lstrip()
                return message
            except ValueError:
                pass
            try:
                received = self.socket.recv(1 << 16)
            except ConnectionError:
                received = b""
            if not received:
                self.is_closed = True
                return None
            self.buffer += received.decode()

    def rest(self):
        """All that it is told until the connection ends."""
        while (message := self.next_message()) is not None:
            self.heard.append(message)
        return self.heard


class Served:
    """A server for one test; gone when the test is."""

    def __init__(self, test, program=BIN / "ovsdb-server"):
        folder = tempfile.TemporaryDirectory(prefix="weft-serving-")
        test.addCleanup(folder.cleanup)
        test.addCleanup(self.kill)
        self.test = test
        self.program = program
        self.folder = pathlib.Path(folder.name)
        self.socket = self.folder / "db.sock"
        self.remote = f"unix:{self.socket}"
        self.process = None
        self.environment = os.environ | {f"OVS_{name}DIR": str(self.folder) for name in ("RUN", "LOG", "DB", "SYSCONF")}

    def create(self, name, schema):
        schema_file = self.folder / f"{name}.schema"
        schema_file.write_text(json.dumps(schema))
        subprocess.run([BIN / "ovsdb-tool", "create", self.folder / name, schema_file], check=True)

    def start(self, *arguments):
        self.socket.unlink(missing_ok=True)
        log = (self.folder / "stderr").open("w")
        self.process = subprocess.Popen(
            [self.program, f"--remote=punix:{self.socket}", f"--unixctl={self.folder}/ctl", *arguments],
            cwd=self.folder, env=self.environment, stdout=subprocess.DEVNULL, stderr=log, stdin=subprocess.DEVNULL)
        log.close()
        wait_until(lambda: self.process.poll() is not None or self.answers(), "the server answers")
        if self.process.poll() is not None:
            raise AssertionError(f"the server does not start: {self.said()}")

    def answers(self):
        try:
            Client(self.socket).close()
        except OSError:
            return False
        return True

    def said(self):
        return (self.folder / "stderr").read_text()

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def run(self, program, *arguments):
        return subprocess.run([program, *arguments], cwd=self.folder, env=self.environment, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=4 * SECONDS_MAX, check=False)

    def control(self, *command):
        return self.run(BIN / "ovs-appctl", "-t", f"{self.folder}/ctl", *command)

    def client(self):
        client = Client(self.socket)
        self.test.addCleanup(client.close)
        return client


def main():
    if not (BIN / "ovsdb-server").exists():
        print(f"skipped: {BIN}/ovsdb-server is not built")
        sys.exit(77)
    result = unittest.main(module="__main__", testRunner=unittest.TextTestRunner(resultclass=Listing, verbosity=2),
                           exit=False).result
    if folder := os.environ.get("WEFT_CASES"):
        result.write(folder)
    sys.exit(0 if result.wasSuccessful() else 1)
