"""The tutorial, whole, on two hosts made of namespaces: with containers, and with VMs where qemu and libvirt are there.

Each step of tools/lab/tutorial.py is a case. After one that fails, the rest of its run is skipped; what was up is taken
down in any case. Exit status: 0 passed, 1 failed, 77 skipped. With WEFT_CASES=DIRECTORY the cases are listed there, as
GoogleTest would.
"""

import os
import pathlib
import shutil
import sys
import xml.etree.ElementTree as xml

PROJECT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tools"), str(PROJECT / "tools/lab")]

import guest  # noqa: E402
from census import Census  # noqa: E402
from console import StepFailed  # noqa: E402
from lab import PROGRAMS, Lab, remove_leftovers  # noqa: E402
from tutorial import Tutorial  # noqa: E402

SKIPPED = 77
RUNS = {None: "containers", "qemu": "VMs by qemu", "libvirt": "VMs by libvirt"}


class Cases:
    def __init__(self):
        self.suite = xml.Element("testsuite", name="tutorial")
        self.failed = 0

    def add(self, run, name, failure=None, skipped=None):
        case = xml.SubElement(self.suite, "testcase", classname=run, name=name, status="run")
        if failure is not None:
            self.failed += 1
            xml.SubElement(case, "failure", message=failure)
        if skipped is not None:
            xml.SubElement(case, "skipped", message=skipped)
        print(f"{'FAILED ' if failure else 'skipped' if skipped else 'passed '} {run}: {name}", failure or skipped or "",
              flush=True)

    def write(self):
        if folder := os.environ.get("WEFT_CASES"):
            path = pathlib.Path(folder, "tutorial_test.xml")
            path.parent.mkdir(parents=True, exist_ok=True)
            root = xml.Element("testsuites")
            root.append(self.suite)
            xml.ElementTree(root).write(path, encoding="unicode")


def missing():
    """Why this machine cannot run the lab at all; None if it can."""
    if os.getuid() != 0:
        return "needs root, for network namespaces"
    lacking = [program for program in ("ip", "ping", "unshare", "nsenter", "tc") if not shutil.which(program)]
    if lacking:
        return f"{', '.join(lacking)} not installed"
    unbuilt = [program for program in ("weftd", "ovs-vsctl") if not (PROGRAMS / program).exists()]
    return f"{' and '.join(unbuilt)} not built" if unbuilt else None


def every_ping_is_answered(tutorial):
    lost = []
    ends = tutorial.endpoints()
    for (i, j), answer in tutorial.ping_all(lambda detail: None).items():
        if answer.received < answer.sent:
            lost.append(f"{ends[i].host.name} {ends[i].name} -> {ends[j].host.name} {ends[j].name}: "
                        f"{answer.sent - answer.received} of {answer.sent}")
    if lost:
        raise StepFailed(f"lost: {', '.join(lost)}")


def nothing_is_left(lab, during):
    left = {**during.left(lab, ("devices", "filters", "processes"))}
    lab.destroy()
    left = {**during.left(lab), **left}
    if found := {kind: things for kind, things in left.items() if things}:
        raise StepFailed(f"left behind: {found}")


def run_tutorial(cases, run, vm):
    lab = Lab.create()
    tutorial, during = Tutorial(lab, vm), None

    def count(_):
        nonlocal during
        during = Census.take(lab)

    steps = [(f"{label} up", step) for label, step in tutorial.up()]
    steps += [("every ping is answered", lambda _: every_ping_is_answered(tutorial)), *tutorial.checks(),
              ("what is up can be counted", count)]
    steps += [(f"{label} down", step) for label, step in tutorial.down()]
    steps += [("nothing is left behind", lambda _: nothing_is_left(lab, during))]
    broken = None
    try:
        for name, step in steps:
            if broken:
                cases.add(run, name, skipped=f"after {broken!r} failed")
                continue
            try:
                step(lambda detail: None)
                cases.add(run, name)
            except StepFailed as failure:
                broken = name
                cases.add(run, name, failure=f"{failure}{log_tails(lab)}")
    finally:
        lab.destroy()


def log_tails(lab, lines=5):
    """The last words of each host's switch, for whoever reads the failure."""
    said = ""
    for host in lab.hosts:
        log = host.state / "weftd.log"
        if log.exists():
            said += f"\n{host.name} weftd.log:\n" + "\n".join(log.read_text(errors="replace").split("\n")[-lines - 1:-1])
    return said


def main():
    if reason := missing():
        print(f"skipped: {reason}")
        return SKIPPED
    remove_leftovers()
    cases = Cases()
    for vm, run in RUNS.items():
        if vm is None or vm in guest.ways():
            run_tutorial(cases, run, vm)
        else:
            cases.add(run, "whole run", skipped=f"{vm} is not installed; ./run demo --vm installs it")
    cases.write()
    return 1 if cases.failed else 0


if __name__ == "__main__":
    sys.exit(main())
