"""Database servers for tests of ovs-vsctl: Open vSwitch's ovsdb-server, or ours, each on a new database."""

import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

SCHEMA = pathlib.Path(__file__).resolve().parents[3] / "schema" / "vswitch.ovsschema"
START_SECONDS = 5


def missing_programs():
    """What lacks for running Open vSwitch's server."""
    return [name for name in ("ovsdb-server", "ovsdb-tool") if not shutil.which(name)]


class Server:
    """Runs from `with` to its end. `program`: our ovsdb-server, with ovsdb-tool beside it; without it, Open vSwitch's."""

    def __init__(self, program=None):
        self.program = program or "ovsdb-server"
        self.tool = pathlib.Path(program).with_name("ovsdb-tool") if program else "ovsdb-tool"

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.place = pathlib.Path(self.directory.name)
        self.socket = self.place / "db.sock"
        self.remote = f"unix:{self.socket}"
        subprocess.run([self.tool, "create", self.place / "db", SCHEMA], check=True)
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        self.directory.cleanup()

    def start(self):
        self.socket.unlink(missing_ok=True)
        command = [self.program, f"--remote=punix:{self.socket}", f"--unixctl={self.place / 'ctl'}", "--no-chdir",
                   "-vconsole:off", self.place / "db"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                Connection(self.socket).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise RuntimeError(f"{command[0]} does not start") from None
                time.sleep(0.01)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Connection:
    """A client that says exactly what it is told to."""

    def __init__(self, path):
        self.buffer = ""
        self.socket = socket.socket(socket.AF_UNIX)
        try:
            self.socket.connect(str(path))
        except OSError:
            self.socket.close()
            raise

    def close(self):
        self.socket.close()

    def transact(self, *operations):
        self.socket.sendall(json.dumps({"method": "transact", "params": ["Open_vSwitch", *operations], "id": 1}).encode())
        while True:
            received = self.socket.recv(1 << 16)
            if not received:
                raise ConnectionError("the server ended the connection before it answered")
            self.buffer += received.decode()
            try:
                message, end = json.JSONDecoder().raw_decode(self.buffer)
            except ValueError:
                continue
            self.buffer = self.buffer[end:].lstrip()
            if message.get("id") == 1:
                return message["result"]
