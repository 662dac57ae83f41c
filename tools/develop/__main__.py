"""What ./run does once the packages are there: build, test, fmt, lint, fuzz."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from console import Console, exit_status  # noqa: E402

import style  # noqa: E402
from build import build  # noqa: E402
from fuzz import fuzz  # noqa: E402
from test import test  # noqa: E402


# Building the tests takes several times as long.
DEMO_PROGRAMS = ["weft", "weftd", "ovs-vsctl"]
PROGRAMS = [*DEMO_PROGRAMS, "ovs-appctl", "ovsdb-client", "ovsdb-server", "ovsdb-tool"]


def _build(console, arguments):
    is_whole = "--all" in arguments or "--sanitize" in arguments
    build(console, sanitize="--sanitize" in arguments, targets=[] if is_whole else PROGRAMS)
    return True


def _prepare_demo(console, _arguments):
    console.title("Weft", "the tutorial's network: two hosts on this one machine")
    build(console, targets=DEMO_PROGRAMS)
    return True


def _prepare_bench(console, arguments):
    build(console, targets=[f"bench_{name}" for name in arguments])
    return True


def _fuzz(console, arguments):
    seconds = [int(word) for word in arguments if word.isdigit()] or [60]
    names = [word for word in arguments if not word.isdigit()] or [None]
    build(console, sanitize=True)
    with console.step("fuzz") as step:
        cases = fuzz(step, names[0], seconds[0])
        broken = [case for case in cases if case.outcome == "failed"]
        step.say(f"{len(cases)} targets, {seconds[0]} s each, {len(broken)} with findings")
        if broken:
            step.mark = "failed"
    for case in broken:
        console.block(f"{case.name}: {case.reason}")
    return not broken


COMMANDS = {
    "build": _build,
    "prepare-demo": _prepare_demo,
    "prepare-bench": _prepare_bench,
    "test": test,
    "fuzz": _fuzz,
    "fmt": lambda console, arguments: style.fmt(console),
    "lint": lambda console, arguments: style.lint(console, "--all" in arguments),
}


def main():
    console = Console()
    return exit_status(console, lambda: 0 if COMMANDS[sys.argv[1]](console, sys.argv[2:]) else 1)


if __name__ == "__main__":
    sys.exit(main())
