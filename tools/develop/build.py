"""Configures and builds: the programs people use, and the same sources under clang's sanitizers."""

import re
import shutil

from console import StepFailed
from tree import BUILD, CORES, ROOT, SANITIZE, fresh_log, run_logged, tail

_PROGRESS = re.compile(r"^\[(\d+)/(\d+)\]")
_ERRORS_SHOWN = 12
# Without these ccache keeps nothing that was compiled with a precompiled header (ccache(1) "PRECOMPILED HEADERS").
_CCACHE_SLOPPINESS = "pch_defines,time_macros,include_file_mtime,include_file_ctime"


def _configure_options(directory, sanitize):
    # Line numbers in a backtrace are enough, and a third faster to compile than all of -g.
    options = ["-S", str(ROOT), "-B", str(directory), "-G", "Ninja", "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG"]
    if shutil.which("ccache"):
        options += ["-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"]
    if shutil.which("mold"):
        options += ["-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold"]
    if sanitize:
        options += ["-DWEFT_SANITIZE=ON", "-DCMAKE_C_COMPILER=clang-19", "-DCMAKE_CXX_COMPILER=clang++-19"]
    return options


def build(console, sanitize=False, targets=()):
    """Brings build/ (or build/sanitize/) up to date, or only some targets. StepFailed after showing what was wrong."""
    directory = SANITIZE if sanitize else BUILD
    label = "sanitizers" if sanitize else "build"
    log = fresh_log("build-sanitize" if sanitize else "build")
    try:
        with console.step(label) as step:
            step.say("configuring")
            if not (directory / "build.ninja").exists():
                run_logged(["cmake", *_configure_options(directory, sanitize)], log)
            count = _ninja(directory, targets, log, step)
            what = "with clang, ASan and UBSan" if sanitize else "programs in build/bin"
            step.say(f"{what}, {count} steps" if count else f"{what}, up to date")
    except StepFailed:
        text = log.read_text()
        errors = re.findall(r"^CMake Error.*(?:\n.+){0,4}", text, re.MULTILINE) or \
            re.findall(r"^(?:FAILED|ninja: (?!Entering)|.*\berror):? .*$", text, re.MULTILINE)
        console.write()
        console.block("\n".join(errors[:_ERRORS_SHOWN]) or tail(log))
        console.write()
        raise


def _ninja(directory, targets, log, step):
    """The number of steps it took."""
    total = 0

    def follow(line):
        nonlocal total
        if found := _PROGRESS.match(line):
            done, total = int(found[1]), int(found[2])
            step.say(f"{done} of {total}")

    run_logged(["ninja", "-C", str(directory), f"-j{CORES}", *targets], log, follow,
               env={"NINJA_STATUS": "[%f/%t] ", "CCACHE_SLOPPINESS": _CCACHE_SLOPPINESS})
    return 0 if "no work to do" in log.read_text() else total
