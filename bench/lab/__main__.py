"""./run bench lab: labs come up, prove themselves and go; the tutorial's network beside a script of its commands.

Each round does each lab once. What is told are medians of seconds over the rounds.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import frame  # noqa: E402
from frame import number  # noqa: E402
from switches import PROGRAMS, PROJECT  # noqa: E402

from console import Console, StepFailed, exit_status  # noqa: E402

SCRIPT = pathlib.Path(__file__).with_name("tutorial.sh")
NETWORK = "networks:\n  net0: {vni: 100, group: 239.0.0.1, subnet: 10.100.0.0/16}\n"


def lab_file(hosts, containers):
    """`containers` on each of `hosts` hosts."""
    names = [f"h{number}" for number in range(1, hosts + 1)]
    lines = "".join(f"  c{name}: {{host: {name}, count: {containers}}}\n" for name in names)
    return f"name: bench\nhosts: [{', '.join(names)}]\n{NETWORK}containers:\n{lines}"


class Work:
    """A lab; `limits`: seconds to reach for up, verify, down and their sum, None where nothing is said."""

    def __init__(self, label, text, limits, verifies=True):
        self.label, self.text, self.limits, self.verifies = label, text, limits, verifies

    def measure(self, folder):
        """Seconds of up, verify and down."""
        file = folder / "lab.yaml"
        file.write_text(self.text)
        environment = {**os.environ, "WEFT_LAB_DIR": str(folder / "labs"), "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
        seconds = []
        for command in (["up", file], ["verify", "bench"], ["down", "bench"]):
            if command[0] == "verify" and not self.verifies:
                seconds.append(0.0)
                continue
            seconds.append(timed([PROGRAMS / "weft", "lab", *command], environment))
        return seconds


WORKS = [Work("the tutorial's network", lab_file(2, 1), (None, None, None, 3)),
         Work("2 hosts x 100 containers", lab_file(2, 100), (15, 20, 15, None)),
         Work("20 hosts x 10 containers", lab_file(20, 10), (20, None, None, None), verifies=False)]


def timed(command, environment=None):
    began = time.monotonic()
    done = subprocess.run([str(word) for word in command], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise StepFailed(f"{' '.join(map(str, command))}: {(done.stderr or done.stdout).strip()[-300:]}")
    return time.monotonic() - began


def in_folder(measure):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=PROJECT / "build"))
    try:
        return measure(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(console, works, rounds):
    """{label: [[up, verify, down] a round]}, and the script's seconds a round."""
    values, script = {work.label: [] for work in works}, []
    for turn in range(rounds):
        with console.step(f"round {turn + 1}/{rounds}") as step:
            step.say("the tutorial's commands")
            script.append(in_folder(lambda folder: timed(["bash", SCRIPT, PROGRAMS, folder])))
            for work in works:
                step.say(work.label)
                values[work.label].append(in_folder(work.measure))
    return values, script


HEADINGS = ["lab", "up", "verify", "down", "sum", "to reach", "reached"]


def rows_of(works, values, script):
    rows = []
    for work in works:
        times = [statistics.median(column) for column in zip(*values[work.label])]
        times.append(sum(times))
        asked = [(name, limit, taken) for name, limit, taken in zip(("up", "verify", "down", "sum"), work.limits, times) if limit]
        cells = ["" if name == 1 and not work.verifies else number(taken, "s") for name, taken in enumerate(times)]
        rows.append([work.label, *cells, ", ".join(f"{name} {limit} s" for name, limit, _ in asked),
                     "yes" if all(taken <= limit for _, limit, taken in asked) else "no"])
    rows.append(["the tutorial's commands, by a script", "", "", "", number(statistics.median(script), "s"), "", ""])
    return rows


def measure_and_tell(console, arguments):
    works, rounds = (WORKS[:1], 1) if arguments.quick else (WORKS, arguments.rounds)
    values, script = measure(console, works, rounds)
    frame.tell(console, arguments, "lab", {"rounds": rounds, "values": values, "script": script},
               f"Medians of {rounds} rounds, {frame.machine()}.", HEADINGS, rows_of(works, values, script), "lrrrrll")


def main():
    parser = argparse.ArgumentParser(prog="./run bench lab", description=__doc__.split("\n\n")[0])
    frame.common_arguments(parser, quick="one round of the tutorial's network")
    arguments = parser.parse_args()
    console = Console(sys.stderr if arguments.json else sys.stdout)
    if reason := frame.lacks_rights():
        console.line("failed", "bench lab", reason)
        return 1
    frame.go_inside()
    console.title("bench lab", "labs up, verified and down")
    return exit_status(console, lambda: measure_and_tell(console, arguments))


if __name__ == "__main__":
    sys.exit(main())
