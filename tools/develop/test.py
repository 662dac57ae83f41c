"""Runs what this machine can run: the tiers of tests, the sanitizers, fuzzing for a moment, and the house rules."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

from build import build
from console import StepFailed
from fuzz import fuzz
from results import Case, counts, read_ctest, report
from style import format_findings
from tree import BUILD, CORES, LOGS, ROOT, SANITIZE, fresh_log, run_logged

TIERS = ["unit", "conformance", "bpf", "system", "tutorial"]
NEED_ROOT = {"bpf", "system", "tutorial"}  # And run one at a time: they measure and change the same kernel.
PARTS = [*TIERS, "sanitizers", "fuzz", "format", "tidy"]
FUZZ_SECONDS = 5
SETTINGS = ["WEFT_KILLS"]  # Of a test, which somebody may have set: they go through sudo, too.
_PROGRESS = re.compile(r"^\s*(\d+)/(\d+) Test +#\d+: (\S+)")


class Run:
    def __init__(self, console):
        self.console = console
        self.cases = []
        self.seconds = {}

    def part(self, name, body):
        """One line on the console; body(step) gives the cases. A part that cannot even start is one failed case."""
        began = time.monotonic()
        try:
            with self.console.step(name) as step:
                found = body(step)
                passed, failed, skipped = counts(found)
                said = [f"{passed} passed"] + [f"{failed} failed"] * bool(failed) + [f"{skipped} skipped"] * bool(skipped)
                if failed:
                    step.mark = "failed"
                    step.say(", ".join(said))
                elif not passed:
                    step.skip(", ".join(said[1:]) or "no tests")
                else:
                    step.say(", ".join(said))
        except StepFailed as failure:
            found = [Case(name, name, "failed", str(failure))]
        self.cases += found
        self.seconds[name] = self.seconds.get(name, 0) + time.monotonic() - began

    def ctest(self, part, directory, selection, jobs, as_root=False, env=None):
        """Cases of the CTest entries that `selection` (options of ctest) picks, or of all if it is empty."""
        def body(step):
            log, junit, details = fresh_log(part), LOGS / f"{part}.xml", LOGS / "cases" / part
            junit.unlink(missing_ok=True)
            shutil.rmtree(details, ignore_errors=True)

            def follow(line):
                if found := _PROGRESS.match(line):
                    step.say(f"{found[1]} of {found[2]}: {found[3]}")

            settings = {"GTEST_OUTPUT": f"xml:{details}/", "GTEST_COLOR": "no", "WEFT_CASES": str(details),
                        **{name: os.environ[name] for name in SETTINGS if name in os.environ}, **(env or {})}
            prefix = _sudo([f"{key}={value}" for key, value in settings.items()]) if as_root else []
            run_logged([*prefix, "ctest", "--test-dir", str(directory), *selection, "--output-junit", str(junit),
                        "--output-on-failure", "--no-tests=ignore", f"-j{jobs}"], log, follow, settings, check=False)
            if prefix:
                subprocess.run(["sudo", "chown", "-R", f"{os.getuid()}:{os.getgid()}", str(LOGS), str(BUILD / "Testing")])
            if not junit.exists():
                return []
            return read_ctest(part, junit, details)
        self.part(part, body)


def _sudo(settings):
    """How to become root for a tier; nothing where we are, or cannot: then its tests skip themselves."""
    if os.getuid() == 0 or not shutil.which("sudo"):
        return []
    if subprocess.run(["sudo", "-n", "true"], stderr=subprocess.DEVNULL).returncode:
        return []
    return ["sudo", "-n", "env", *settings]


def _sanitizers(run):
    began = time.monotonic()
    try:
        build(run.console, sanitize=True)
    except StepFailed as failure:
        run.cases.append(Case("sanitizers", "build", "failed", str(failure)))
        return
    finally:
        run.seconds["sanitizers"] = time.monotonic() - began
    run.ctest("sanitizers", SANITIZE, ["-L", "^(unit|conformance)$"], CORES,
              env={"ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0", "UBSAN_OPTIONS": "print_stacktrace=1"})


def _format(run):
    def body(step):
        findings, count = format_findings()
        if findings:
            (LOGS / "format.log").write_text("\n".join(findings) + "\n")
        return [Case("format", name, "failed", "not as clang-format would write it: ./run fmt") for name in findings] or \
               [Case("format", f"{count} files", "passed")]
    run.part("format", body)


def _tidy(run):
    def body(step):
        log = fresh_log("tidy")
        status = run_logged([sys.executable, str(ROOT / "tools/tidy")], log, check=False)
        findings = log.read_text().strip().split("\n")[1:-1]
        if not status:
            return [Case("tidy", "tidy", "passed")]
        return [Case("tidy", finding.partition(": ")[0], "failed", finding.partition(": ")[2]) for finding in findings]
    run.part("tidy", body)


def test(console, names):
    """names: parts, or patterns of CTest names; none means everything. True if nothing failed."""
    console.title("Weft", "tests: " + (", ".join(names) if names else "everything this machine can run"))
    LOGS.mkdir(parents=True, exist_ok=True)
    run = Run(console)
    chosen = names or PARTS
    try:
        if not set(chosen) <= {"format", "tidy"}:
            build(console)
        for name in chosen:
            if name in TIERS:
                as_root = name in NEED_ROOT
                run.ctest(name, BUILD, ["-L", f"^{name}$"], 1 if as_root else CORES, as_root)
            elif name == "sanitizers":
                _sanitizers(run)
            elif name == "fuzz":
                run.part("fuzz", lambda step: fuzz(step, None, FUZZ_SECONDS))
            elif name == "format":
                _format(run)
            elif name == "tidy":
                _tidy(run)
            else:
                run.ctest(name, BUILD, ["-R", name], 1, as_root=True)
    except StepFailed as failure:
        run.cases.append(Case("build", "build", "failed", str(failure)))
        run.seconds["build"] = 0
    report(console, run.cases, run.seconds)
    return not any(case.outcome == "failed" for case in run.cases)
