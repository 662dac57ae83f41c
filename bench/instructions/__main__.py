"""./run bench instructions: what a packet costs, in instructions, beside the kernel's own switches.

The works of ./run bench datapath, in a guest with Debian's kernel, which has Open vSwitch's module. It is emulated, with a
clock that goes on a nanosecond an instruction: what else the machine does changes nothing. Counted is all that is done in
the name of who sends and who receives, their system calls included.
"""

import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import frame  # noqa: E402

from console import Console, exit_status  # noqa: E402

import emulator  # noqa: E402
from figures import BETWEEN_HOSTS, HEADINGS, SAME_HOST, WORKS, figures, table  # noqa: E402

SECONDS, QUICK_SECONDS = 0.3, 0.05  # Of the guest's own, for one work on one setup.
SETTLING_SECONDS = 12  # In the first ten after a boot Open vSwitch counts no processors, and starts no threads for them.


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run bench instructions", description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=float, help=f"of the guest's clock, for each work (default: {SECONDS})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS} s each: for a look")
    parser.add_argument("--json", action="store_true", help="every value, as JSON")
    parser.add_argument("--keep", action="store_true", help=f"put the tables into {frame.PAGE.relative_to(frame.PROJECT)}")
    arguments = parser.parse_args()
    arguments.seconds = arguments.seconds or (QUICK_SECONDS if arguments.quick else SECONDS)
    return arguments


def count(console, seconds):
    command = (f"sleep {SETTLING_SECONDS}; PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 {frame.PROJECT}/bench/datapath --json --rounds=1 "
               f"--seconds={seconds} {' '.join(f'--work={name}' for name, *_ in WORKS)} {' '.join(SAME_HOST + BETWEEN_HOSTS)}")
    with console.step("counting") as step:
        step.say("starting a guest with Debian's kernel")
        values = emulator.run(command, lambda line: step.say(line.strip()[:60]) if line.startswith("  ") else None)
        step.say("in a guest with Debian's kernel")
        return values


def tables(values):
    return [table("same host", SAME_HOST, values), table("between two hosts", BETWEEN_HOSTS, values)]


def tell(console, values):
    for headings, rows in tables(values):
        console.write()
        console.table(headings, rows)
    console.write()
    console.table(HEADINGS, figures(values),
                  lambda _, column, text: {"reached": "green", "missed": "red"}.get(text) if column == 3 else None)
    for note in values["notes"]:
        console.block(f"note: {note}")
    console.write()


def keep(values):
    said = ["Instructions, in a guest with one processor and Debian's kernel."]
    for headings, rows in tables(values):
        said.append(frame.markdown([heading.replace("\n", " ") for heading in headings], rows, "l" + "r" * len(WORKS)))
    said.append(frame.markdown(HEADINGS, figures(values), "lrrl"))
    said += [f"Note: {note}." for note in values["notes"]]
    frame.keep("instructions", "\n\n".join(said))


def measure(console, arguments):
    values = count(console, arguments.seconds)
    if arguments.json:
        print(json.dumps(values, indent=2))
    else:
        tell(console, values)
    if arguments.keep:
        keep(values)


def main():
    arguments = parse_arguments()
    console = Console(sys.stderr if arguments.json else sys.stdout)
    if reason := frame.lacks_open_vswitch() or emulator.lacks():
        console.line("failed", "bench instructions", reason)
        return 1
    console.title("bench instructions", "what a packet costs, beside the kernel's own switches")
    return exit_status(console, lambda: measure(console, arguments))


if __name__ == "__main__":
    sys.exit(main())
