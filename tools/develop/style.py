"""clang-format and clang-tidy over the project's own sources."""

import concurrent.futures
import re
import subprocess

from console import StepFailed
from tree import BUILD, CORES, ROOT, fresh_log, run_logged, shown

_SUFFIXES = {".cpp", ".hpp", ".c", ".h"}
# The commands it reads are g++'s: it is not to mind that compiler's own options and precompiled headers.
_FOREIGN = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-ignored-gch"]
_FOLDERS = ["bpf", "schema", "src", "tests", "bench"]


def sources():
    return sorted(path for folder in _FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in _SUFFIXES)


def format_findings():
    """(files clang-format would change, files looked at)"""
    files = [str(path) for path in sources()]
    try:
        said = subprocess.run(["clang-format-19", "--dry-run", *files], cwd=ROOT, text=True, capture_output=True).stderr
    except FileNotFoundError:
        raise StepFailed("clang-format-19 is not installed") from None
    return sorted({shown(found) for found in re.findall(r"^(/[^:\n]+):\d+:\d+: warning", said, re.MULTILINE)}), len(files)


def fmt(console):
    findings, count = format_findings()
    with console.step("format") as step:
        if findings:
            run_logged(["clang-format-19", "-i", *findings], fresh_log("format"))
        step.say(f"{len(findings)} of {count} files changed")
    for name in findings:
        console.block(name)
    return True


def changed_sources():
    """Sources that differ from the last commit of branch main, committed or not."""
    said = subprocess.run(["git", "diff", "--name-only", "main"], cwd=ROOT, text=True, capture_output=True).stdout
    return [path for path in sources() if shown(path) in set(said.split())]


def lint(console, everything):
    """clang-tidy-19 over the sources that changed, or all of them. True if it has nothing to say."""
    files = [path for path in (sources() if everything else changed_sources()) if path.suffix == ".cpp"]
    log, findings, done = fresh_log("lint"), [], 0

    def one(path):
        return subprocess.run(["clang-tidy-19", "--quiet", "-p", str(BUILD), *_FOREIGN, str(path)], cwd=ROOT, text=True,
                              capture_output=True).stdout

    with console.step("lint") as step, concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        for path, said in zip(files, pool.map(one, files)):
            done += 1
            step.say(f"{done} of {len(files)}: {shown(path)}")
            with log.open("a") as out:
                out.write(said)
            findings += re.findall(r"^(/.*(?:warning|error): .*)$", said, re.MULTILINE)
        findings = sorted({finding.replace(f"{ROOT}/", "") for finding in findings})
        step.say(f"{len(files)} files, {len(findings)} findings")
        if findings:
            step.mark = "failed"
    for finding in findings:
        console.block(finding)
    return not findings
