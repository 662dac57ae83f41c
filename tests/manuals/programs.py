"""The built programs, and what their help lists."""

import os
import pathlib
import re
import subprocess
import sys
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("WEFT_PROGRAMS", PROJECT / "build/bin"))
SKIPPED = 77


def say(*command, **options):
    """What a program prints."""
    return subprocess.run([PROGRAMS / command[0], *command[1:]], check=True, capture_output=True, text=True, **options).stdout


def commands_in(text):
    """Those that a help of weft's lists, as lines "  NAME ARGUMENTS   description"."""
    return [name for name in re.findall(r"^  ([a-z][a-z-]*)(?: \S+)* {2,}\S", text, re.MULTILINE) if name != "weft"]


def options_in(text):
    """Long options, without what they take."""
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", text))


def pages_of_weft():
    """{words: help} of weft itself and of each of its commands, those of weft lab too."""
    pages = {(): say("weft", "--help")}
    for command in commands_in(pages[()]):
        pages[(command,)] = say("weft", command, "--help")
        if command == "lab":
            for inner in commands_in(pages[(command,)]):
                pages[(command, inner)] = say("weft", command, inner, "--help")
    return pages


def main(*needed):
    unbuilt = [name for name in needed if not (PROGRAMS / name).exists()]
    if unbuilt:
        print(f"skipped: {', '.join(unbuilt)} not built")
        sys.exit(SKIPPED)
    unittest.main(module="__main__", verbosity=2)
