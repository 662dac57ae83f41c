"""What bash and zsh complete for weft and ovs-vsctl: typed into the shells, on a terminal, as people do.

The line as it was completed is read from the shell's history: it is made a comment, so nothing is run.
"""

import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
import unittest

import programs

COMPLETIONS = programs.PROJECT / "packaging/completion"
START_OF_LINE, ALL_OF_THEM = "\x01", "\x1b*"  # In both shells; the second is bash's.
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
WAIT_SECONDS_MAX = 20


class Completion(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A database with two bridges, whom nobody serves as a switch."""
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.environment = {"PATH": f"{programs.PROGRAMS}:{os.environ['PATH']}", "HOME": folder.name, "TERM": "dumb",
                           "LC_ALL": "C.UTF-8", "OVS_RUNDIR": folder.name, "OVS_DBDIR": folder.name}
        programs.say("ovsdb-tool", "create", f"{folder.name}/conf.db")
        server = subprocess.Popen([programs.PROGRAMS / "ovsdb-server", f"--remote=punix:{folder.name}/db.sock",
                                   f"{folder.name}/conf.db"], env=cls.environment, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(server.wait)
        cls.addClassCleanup(server.kill)
        programs.say("ovs-vsctl", "--retry", "--timeout=20", "--no-wait", "init", "--", "add-br", "lu-br0", "--", "add-port",
                     "lu-br0", "veth0", "--", "add-br", "other", env=cls.environment)
        (cls.folder / "two-hosts.yaml").touch()
        (cls.folder / "notes.txt").touch()

    def typed(self, shell, keys):
        """What has become of the line when `keys` were typed into the shell."""
        (self.folder / "history").unlink(missing_ok=True)
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe(shell[0], shell, {**self.environment, "HISTFILE": str(self.folder / "history")})
        try:
            self.read_until(terminal, "READY> ")
            os.write(terminal, (keys + START_OF_LINE + "#\n").encode())
            self.read_until(terminal, "READY> ")
            os.write(terminal, b"exit\n")
            self.read_until(terminal, None)
        finally:
            os.close(terminal)
            os.waitpid(pid, 0)
        line = next(line for line in (self.folder / "history").read_text().splitlines() if line.startswith("#"))
        return line.removeprefix("#")

    def read_until(self, terminal, mark):
        seen, until = "", time.monotonic() + WAIT_SECONDS_MAX
        while mark is None or not seen.endswith(mark):
            if not select.select([terminal], [], [], max(0, until - time.monotonic()))[0]:
                self.fail(f"waited in vain for {mark!r}: {seen!r}")
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # The shell has ended.
                piece = b""
            if not piece:
                return
            seen = ESCAPE.sub("", seen + piece.decode(errors="replace"))


class Bash(Completion):
    def typed(self, keys):
        if not shutil.which("bash"):
            self.skipTest("bash not installed")
        (self.folder / "bashrc").write_text(f"PS1='READY> '; bind 'set enable-bracketed-paste off'\n"
                                            f"for f in {COMPLETIONS}/bash/*; do . $f; done\n")
        return super().typed(["bash", "--rcfile", str(self.folder / "bashrc"), "-i"], keys)

    def offered(self, keys):
        """All that could stand behind `keys`."""
        return self.typed(keys + ALL_OF_THEM).split()[len(keys.split()) - (not keys.endswith(" ")):]

    def test_every_command_of_weft_is_offered(self):
        for words, text in programs.pages_of_weft().items():
            if words in ((), ("lab",)):
                self.assertEqual(sorted(self.offered(" ".join(["weft", *words]) + " ")), sorted(programs.commands_in(text)))

    def test_every_option_of_a_command_is_offered(self):
        for words, text in programs.pages_of_weft().items():
            if words[:1] in ((), ("doctor",), ("top",)) or words == ("lab", "up"):
                offered = {option.rstrip("=") for option in self.offered(" ".join(["weft", *words, "--"]))}
                self.assertEqual(offered, programs.options_in(text), words)

    def test_a_command_is_completed(self):
        self.assertEqual(self.typed("weft tr\t"), "weft trace ")

    def test_bridges_and_ports_come_from_the_database(self):
        self.assertEqual(self.offered("weft trace "), ["lu-br0", "other"])
        self.assertEqual(self.typed("weft trace lu-br0 ve\t"), "weft trace lu-br0 veth0 ")
        self.assertEqual(sorted(self.offered("weft drops ")), ["lu-br0", "other", "veth0"])

    def test_values_of_options_are_completed(self):
        self.assertEqual(self.typed("weft top --by=fr\t"), "weft top --by=frames ")
        self.assertEqual(self.typed("weft doctor --device=l\t"), "weft doctor --device=lo ")

    def test_every_command_of_ovs_vsctl_is_offered(self):
        listed = {line.split(",")[1] for line in programs.say("ovs-vsctl", "--commands").splitlines()}
        self.assertEqual(set(self.offered("ovs-vsctl ")), listed)

    def test_options_of_ovs_vsctl_and_of_its_commands_are_offered(self):
        offered = self.offered("ovs-vsctl --")
        for option in ("--db=", "--timeout=", "--may-exist", "--if-exists", "--columns=", "--oneline"):
            self.assertIn(option, offered)

    def test_arguments_of_ovs_vsctl_are_completed_by_their_kind(self):
        self.assertEqual(self.typed("ovs-vsctl del-br lu\t"), "ovs-vsctl del-br lu-br0 ")
        self.assertEqual(self.typed("ovs-vsctl --if-exists del-port ve\t"), "ovs-vsctl --if-exists del-port veth0 ")
        self.assertEqual(self.typed("ovs-vsctl add-br b0 -- list-po\t"), "ovs-vsctl add-br b0 -- list-ports ")
        self.assertEqual(self.typed("ovs-vsctl list Interf\t"), "ovs-vsctl list Interface ")
        self.assertEqual(self.typed("ovs-vsctl get Port veth0 vlan_m\t"), "ovs-vsctl get Port veth0 vlan_mode ")
        self.assertEqual(self.typed("ovs-vsctl set Interface veth0 mtu_r\t"), "ovs-vsctl set Interface veth0 mtu_request=")


class Zsh(Completion):
    def typed(self, keys):
        if not shutil.which("zsh"):
            self.skipTest("zsh not installed")
        (self.folder / ".zshrc").write_text(f"PS1='READY> '; unsetopt prompt_cr prompt_sp; setopt interactive_comments\n"
                                            f"SAVEHIST=10 HISTSIZE=10\n"
                                            f"fpath=({COMPLETIONS}/zsh $fpath); autoload -Uz compinit; compinit -u -D\n"
                                            f"bindkey -e\n")
        self.environment["ZDOTDIR"] = str(self.folder)
        return super().typed(["zsh", "-d", "-i"], keys).rstrip()  # Of a blank behind a completed word zsh thinks better.

    def test_commands_and_options_of_weft_are_completed(self):
        self.assertEqual(self.typed("weft tra\t"), "weft trace")
        self.assertEqual(self.typed("weft doctor --dev\t"), "weft doctor --device=")
        self.assertEqual(self.typed("weft top --by=fr\t"), "weft top --by=frames")

    def test_bridges_and_ports_come_from_the_database(self):
        self.assertEqual(self.typed("weft trace lu\t"), "weft trace lu-br0")
        self.assertEqual(self.typed("weft trace lu-br0 ve\t"), "weft trace lu-br0 veth0")

    def test_arguments_of_ovs_vsctl_are_completed_by_their_kind(self):
        self.assertEqual(self.typed("ovs-vsctl list-p\t"), "ovs-vsctl list-ports")
        self.assertEqual(self.typed("ovs-vsctl --if-exists del-port ve\t"), "ovs-vsctl --if-exists del-port veth0")
        self.assertEqual(self.typed("ovs-vsctl get Port veth0 vlan_m\t"), "ovs-vsctl get Port veth0 vlan_mode")


del Completion  # It is no test by itself.

if __name__ == "__main__":
    programs.main("weft", "ovs-vsctl", "ovsdb-server", "ovsdb-tool")
