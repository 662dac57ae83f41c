"""./run bench control: the management plane beside Open vSwitch's, in interleaved rounds.

Each round measures each work once on each side, one after the other, in an order that changes from round to round. What
is told are medians over the rounds, and the ratio of medians: these are what can be compared on a noisy machine.
"""

import argparse
import pathlib
import shutil
import statistics
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import frame  # noqa: E402
from frame import number  # noqa: E402
from switches import PROJECT, OpenVSwitch, Weft  # noqa: E402

from console import Console, exit_status  # noqa: E402

from works import WORKS  # noqa: E402

LOAD = frame.TOOLS / "ovsdb_load"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run bench control", description=__doc__.split("\n\n")[0],
                                     epilog=f"Works: {', '.join(work.name for work in WORKS)}.")
    parser.add_argument("works", nargs="*", metavar="WORK", help="only these")
    frame.common_arguments(parser, quick="one round without the long works")
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
    peers = [OpenVSwitch(), Weft()]
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


def measure_and_tell(console, arguments):
    works = [work for work in WORKS if not arguments.works or work.name in arguments.works]
    values = measure(console, works, arguments.rounds)
    frame.tell(console, arguments, "control", {"rounds": arguments.rounds, "values": values},
               f"Medians of {arguments.rounds} rounds, {frame.machine()}.", HEADINGS, rows_of(works, values), "lrrrll")


def main():
    arguments = parse_arguments()
    console = Console(sys.stderr if arguments.json else sys.stdout)
    if reason := frame.lacks_open_vswitch() or frame.lacks_rights():
        console.line("failed", "bench control", reason)
        return 1
    frame.go_inside()
    console.title("bench control", "Weft's management plane beside Open vSwitch's")
    return exit_status(console, lambda: measure_and_tell(console, arguments))


if __name__ == "__main__":
    sys.exit(main())
