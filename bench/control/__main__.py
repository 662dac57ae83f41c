"""./run bench control: the management plane beside Open vSwitch's, in interleaved rounds.

Each round measures each work once on each side, one after the other, in an order that changes from round to round. What
is told are medians over the rounds, and the ratio of medians: these are what can be compared on a noisy machine.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tools"), str(PROJECT / "tools/lab")]

from console import Console, StepFailed  # noqa: E402

from peers import OpenVSwitch, Weft  # noqa: E402
from works import WORKS  # noqa: E402

PROGRAMS = PROJECT / "build/bin"
LOAD = PROJECT / "build/test-bin/ovsdb_load"
PAGE = PROJECT / "docs/benchmarks.md"
INSIDE = "WEFT_BENCH_INSIDE"
ROUNDS = 5


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run bench control", description=__doc__.split("\n\n")[0],
                                     epilog=f"Works: {', '.join(work.name for work in WORKS)}.")
    parser.add_argument("works", nargs="*", metavar="WORK", help="only these")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each is measured (default: {ROUNDS})")
    parser.add_argument("--quick", action="store_true", help="one round without the long works: for a look")
    parser.add_argument("--json", action="store_true", help="every value, as JSON")
    parser.add_argument("--keep", action="store_true", help=f"put the table into {PAGE.relative_to(PROJECT)}")
    arguments = parser.parse_args()
    unknown = set(arguments.works) - {work.name for work in WORKS}
    if unknown:
        parser.error(f"no work is called {', '.join(sorted(unknown))}")
    if arguments.quick:
        arguments.rounds = 1
        arguments.works = arguments.works or ["at-once", "transactions", "followers", "reopening"]
    return arguments


def measure(console, works, rounds):
    """{work: {peer: [values a round]}}"""
    peers = [OpenVSwitch(), Weft(PROGRAMS)]
    values = {work.name: {peer.name: [] for peer in peers} for work in works}
    for number in range(rounds):
        for work in works:
            with console.step(f"round {number + 1}/{rounds}") as step:
                for peer in peers if number % 2 == 0 else reversed(peers):
                    step.say(f"{work.name}: {peer.name}")
                    # On the disk that the project is on: durable transactions must mean something.
                    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=PROJECT / "build"))
                    try:
                        values[work.name][peer.name].append(work.measure(peer, folder, str(LOAD)))
                    finally:
                        shutil.rmtree(folder, ignore_errors=True)
                step.say(work.name)
    return values


def number(value, unit):
    text = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{text}{unit}" if unit in ("x", "/s") else f"{text} {unit}"


def rows_of(works, values):
    rows = []
    for work in works:
        for i, figure in enumerate(work.figures):
            theirs, ours = (statistics.median(round_[i] for round_ in values[work.name][name])
                            for name in ("Open vSwitch", "Weft"))
            better = ours / theirs if figure.unit == "/s" else theirs / ours
            ratio = "" if figure.unit == "x" else f"{better:.1f}x" if better >= 1 else f"{better:.2f}x"
            reached = "" if figure.reached is None else "yes" if figure.reached(theirs, ours) else "no"
            rows.append([figure.label, number(theirs, figure.unit), number(ours, figure.unit), ratio, figure.target, reached])
    return rows


HEADINGS = ["work", "Open vSwitch", "Weft", "better by", "to reach", "reached"]


def keep(rows, rounds):
    table = "\n".join(["| " + " | ".join(HEADINGS) + " |", "|---|---:|---:|---:|---|---|",
                       *("| " + " | ".join(row) + " |" for row in rows)])
    begin, end = "<!-- control: begin -->", "<!-- control: end -->"
    text = PAGE.read_text()
    kernel = os.uname().release.split("-")[0]
    said = f"{begin}\nMedians of {rounds} rounds, {os.cpu_count()} cores, Linux {kernel}.\n\n{table}\n{end}"
    PAGE.write_text(re.sub(f"{begin}.*{end}", lambda _: said, text, flags=re.DOTALL))


def lacking():
    missing = [name for name in ("ovsdb-server", "ovs-vswitchd", "ovsdb-tool")
               if not shutil.which(name, path="/usr/sbin:/usr/bin")]
    if missing:
        return f"{', '.join(missing)} of Open vSwitch not installed (Debian: openvswitch-switch)"
    return "needs root, for network namespaces and eBPF" if os.getuid() != 0 else None


def main():
    arguments = parse_arguments()
    console = Console(sys.stderr if arguments.json else sys.stdout)
    if reason := lacking():
        console.line("failed", "bench control", reason)
        return 1
    if INSIDE not in os.environ:
        # All that is started ends with us, however we end.
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation",
                              "private", sys.executable, "-B", *sys.argv])
    works = [work for work in WORKS if not arguments.works or work.name in arguments.works]
    console.title("bench control", "Weft's management plane beside Open vSwitch's")
    try:
        values = measure(console, works, arguments.rounds)
    except (StepFailed, subprocess.CalledProcessError) as failure:
        console.block(str(failure))
        return 1
    rows = rows_of(works, values)
    if arguments.json:
        print(json.dumps({"rounds": arguments.rounds, "values": values}, indent=2))
    else:
        console.write()
        console.table(HEADINGS, rows)
    if arguments.keep:
        keep(rows, arguments.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
