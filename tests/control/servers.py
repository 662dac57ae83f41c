"""A daemon with a control socket: Open vSwitch's ovsdb-server, or ours, on a new database in a directory of its own."""

import os
import pathlib
import shutil
import subprocess
import tempfile

COMMAND_SECONDS = 20
THEIR_SERVER = "/usr/sbin/ovsdb-server"
THEIR_APPCTL = "/usr/bin/ovs-appctl"
SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "schema" / "vswitch.ovsschema"


def missing_programs():
    """What lacks for a comparison with Open vSwitch."""
    return [name for name in (THEIR_SERVER, THEIR_APPCTL, "ovsdb-tool") if not shutil.which(name)]


class Daemon:
    """Runs from `with` to its end, unless exit() or kill() ends it before."""

    def __init__(self, program=THEIR_SERVER, options=()):
        self.program, self.options = program, options

    def __enter__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.place = pathlib.Path(self.directory.name)
        self.environment = dict(os.environ, OVS_SYSLOG_METHOD="null", **{
            name: self.directory.name for name in ("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")})
        subprocess.run(["ovsdb-tool", "create", self.place / "conf.db", SCHEMA], check=True)
        self.start()
        return self

    def start(self):
        done = self.run(self.program, "--detach", "--no-chdir", "--pidfile", "--log-file",
                        f"--remote=punix:{self.place / 'db.sock'}", *self.options, self.place / "conf.db")
        if done.returncode:
            raise RuntimeError(f"{self.program} does not start: {done.stderr}")

    def __exit__(self, *_):
        # The process is the daemon's alone: its pid file is locked, and in our directory.
        self.run(THEIR_APPCTL, "-t", "ovsdb-server", "exit")
        self.directory.cleanup()

    @property
    def log(self):
        return (self.place / "ovsdb-server.log").read_text()

    def run(self, program, *arguments, **environment):
        return subprocess.run([program, *arguments], cwd=self.place, env={**self.environment, **environment},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=COMMAND_SECONDS)
