#!/usr/bin/python3
"""Compares our ovs-vsctl with recordings of Open vSwitch's, and makes these recordings.

usage: vsctl_cases.py replay OVS_VSCTL [--server=OVSDB_SERVE] [CASE.case...]
                                       compare; on our server, or on Open vSwitch's (skipped where it is missing)
       vsctl_cases.py record [CASE.case...]
                                       run Open vSwitch's own ovs-vsctl and write down what it does

A case is a text file. Its commands run one after the other on a fresh database:

    # what it is about
    $ ovs-vsctl list-br         the command, in the shell's quoting
    | br0                       a line of standard output
    ! ovs-vsctl: no bridge      a line of standard error
    = 1                         the exit status, if not 0; -14: killed by SIGALRM

Letters behind the $ loosen the comparison: "~" lines of output have no order; "?" the error has other words, but
there is one; "&" runs in the background, beginning half a second later. UUIDs are written as <UUID>. --no-wait is
added to each command: there is no switch. Warnings are not compared: Open vSwitch logs them.
"""

import pathlib
import re
import shlex
import shutil
import subprocess
import sys

from servers import Server, missing_programs

HERE = pathlib.Path(__file__).resolve().parent
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
COMMAND = re.compile(r"^\$([~?&]*) (.*)$")
SKIPPED = 77
COMMAND_SECONDS = 20


def lines_of(text, is_noise):
    return [UUID.sub("<UUID>", line) for line in text.split("\n")[:-1] if not is_noise(line)]


def is_log(line):
    return re.match(r"\d{4}-\d\d-\d\dT", line) or line.startswith("ovs-vsctl: warning: ")


class Exchange:
    """One command with what it should do."""

    def __init__(self, flags, words):
        self.flags = flags
        self.words = words
        self.output = []
        self.errors = []
        self.status = 0

    def start(self, program, remote):
        words = shlex.split(self.words)
        assert words[0] == "ovs-vsctl", self.words
        arguments = ["ovs-vsctl", f"--db={remote}", "--no-wait", *words[1:]]
        if "&" in self.flags:
            arguments = ["sh", "-c", 'sleep 0.5; exec "$0" "$@"', program, *arguments[1:]]
            return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return subprocess.Popen(arguments, executable=program, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, process):
        """As a new Exchange: what the command did."""
        try:
            output, errors = process.communicate(timeout=COMMAND_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            errors += b"it did not end by itself\n"
        done = Exchange(self.flags, self.words)
        done.output = lines_of(output.decode(errors="replace"), lambda line: False)
        done.errors = lines_of(errors.decode(errors="replace"), is_log)
        done.status = process.returncode
        return done

    def comparable(self):
        errors = (bool(self.errors) or self.status < 0) if "?" in self.flags else self.errors
        output = sorted(self.output) if "~" in self.flags else self.output
        return output, errors, self.status

    def text(self):
        lines = [f"${self.flags} {self.words}", *("| " + line if line else "|" for line in self.output),
                 *("! " + line for line in self.errors)]
        if self.status:
            lines.append(f"= {self.status}")
        return "\n".join(lines)


def parse(path):
    """The comments and the Exchanges, in order."""
    parts = []
    for number, line in enumerate(path.read_text().split("\n"), 1):
        command = COMMAND.match(line)
        if command:
            parts.append(Exchange(command.group(1), command.group(2)))
        elif not line.strip() or line.startswith("#"):
            parts.append(line)
        elif line[:1] in "|!=" and any(isinstance(part, Exchange) for part in parts):
            exchange = [part for part in parts if isinstance(part, Exchange)][-1]
            if line[0] == "|":
                exchange.output.append(line[2:])
            elif line[0] == "!":
                exchange.errors.append(line[2:])
            else:
                exchange.status = int(line[2:])
        else:
            sys.exit(f"{path}:{number}: neither command, output nor comment: {line}")
    return parts


def run(parts, program, server_program=None):
    """What the program does: a list of (wanted, done)."""
    results = []
    background = []
    with Server(server_program) as server:
        for part in parts:
            if not isinstance(part, Exchange):
                continue
            process = part.start(program, server.remote)
            if "&" in part.flags:
                background.append((len(results), part, process))
                results.append(None)
            else:
                results.append((part, part.finish(process)))
        for place, part, process in background:
            results[place] = (part, part.finish(process))
    return results


def record(path, program):
    """Exchanges that differ from what is written only in the order that "~" leaves open stay as they are."""
    parts = parse(path)
    results = iter(run(parts, program))

    def text_of(part):
        if not isinstance(part, Exchange):
            return part
        written, done = next(results)
        return (written if written.comparable() == done.comparable() else done).text()

    path.write_text("\n".join(map(text_of, parts)))


def replay(path, program, server_program):
    """How many commands there were, and the differences as text."""
    results = run(parse(path), program, server_program)
    differences = [f"{path.name}: expected\n{wanted.text()}\n  but got\n{done.text()}\n"
                   for wanted, done in results if wanted.comparable() != done.comparable()]
    return len(results), differences


def main():
    arguments = sys.argv[1:]
    is_replay = arguments[:1] == ["replay"] and len(arguments) > 1
    if not is_replay and arguments[:1] != ["record"]:
        sys.exit(__doc__)
    server_program = None
    if len(arguments) > 2 and arguments[2].startswith("--server="):
        server_program = arguments.pop(2).removeprefix("--server=")
    if not server_program and missing_programs():
        print(f"skipped: needs {', '.join(missing_programs())} (Debian: openvswitch-switch)")
        sys.exit(SKIPPED)
    program = str(pathlib.Path(arguments[1]).resolve()) if is_replay else shutil.which("ovs-vsctl")
    paths = [pathlib.Path(name) for name in arguments[2 if is_replay else 1:]] or sorted(HERE.glob("*.case"))
    total, failures = 0, []
    for path in paths:
        if not is_replay:
            record(path, program)
            continue
        count, differences = replay(path, program, server_program)
        total += count
        failures += differences
    if is_replay:
        print("\n".join(failures))
        print(f"{total} commands in {len(paths)} cases, {len(failures)} differ from Open vSwitch's")
    sys.exit(1 if failures else 0)


main()
