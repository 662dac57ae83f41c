"""What tests said: cases read from the XML that GoogleTest and CTest write, and the table made of them."""

import collections
import dataclasses
import xml.etree.ElementTree as xml


@dataclasses.dataclass
class Case:
    part: str  # unit, conformance, bpf, system, tutorial, sanitizers, fuzz, ...
    name: str
    outcome: str  # passed, failed or skipped
    reason: str = ""  # Of a failure or a skip.


def _first_line(text):
    lines = [line.strip() for line in (text or "").strip().split("\n") if line.strip()]
    # GoogleTest puts "file:line" on a line of its own before the reason.
    return next((line for line in lines if not line.rpartition(":")[2].isdigit()), lines[0] if lines else "")


def _program_cases(part, path):
    """One Case for each test of a program that left GoogleTest's XML; none if it crashed before it could."""
    try:
        root = xml.parse(path).getroot()
    except (OSError, xml.ParseError):
        return []
    cases = []
    for case in root.iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        failures, skipped = case.findall("failure"), case.find("skipped")
        if failures:
            cases.append(Case(part, name, "failed", " ".join((failures[0].get("message") or "").split())))
        elif skipped is not None:
            cases.append(Case(part, name, "skipped", _first_line(skipped.get("message")) or "no reason given"))
        elif case.get("status") != "notrun":
            cases.append(Case(part, name, "passed"))
    return cases


def read_ctest(part, junit, details):
    """Cases of one `ctest --output-junit`: those a program listed in details/PROGRAM.xml, else one for the program."""
    cases = []
    for test in xml.parse(junit).getroot().iter("testcase"):
        program, status = test.get("name"), test.get("status")
        found = _program_cases(part, details / f"{program}.xml")
        output = test.findtext("system-out") or ""
        if status == "fail" and not any(case.outcome == "failed" for case in found):
            message = test.find("failure")
            how = message.get("message") if message is not None else "failed"
            last = output.strip().split("\n")[-1] if output.strip() else ""
            found.append(Case(part, program, "failed", f"{how or 'failed'}: {last}".strip(": ")))
        elif not found:
            found.append(_whole_program(part, program, test, output))
        cases += found
    return cases


def _whole_program(part, program, test, output):
    """The one Case of a program that lists none."""
    skipped = test.find("skipped")
    if skipped is None:
        return Case(part, program, "passed")
    if not (skipped.get("message") or "").startswith("SKIP_"):
        return Case(part, program, "failed", "could not be started: is it built?")
    said = [line for line in output.split("\n") if line.startswith("skipped: ")]
    return Case(part, program, "skipped", said[-1][len("skipped: "):] if said else "no reason given")


def counts(cases):
    count = collections.Counter(case.outcome for case in cases)
    return count["passed"], count["failed"], count["skipped"]


def report(console, cases, seconds_by_part):
    """The closing table, what failed, why what was skipped was; at last the totals alone on a line."""
    parts = [part for part in seconds_by_part if any(case.part == part for case in cases)]
    rows = [[part, *counts([case for case in cases if case.part == part]), f"{seconds_by_part[part]:.1f} s"]
            for part in parts]

    def paint(row, column, text):
        return {1: "green", 2: "red", 3: "yellow"}.get(column) if column in (1, 2, 3) and text else None

    console.write()
    console.table(["part", "passed", "failed", "skipped", "time"], rows, paint)
    _list_failures(console, [case for case in cases if case.outcome == "failed"])
    _list_skips(console, [case for case in cases if case.outcome == "skipped"])
    console.write()
    console.block(f"in {console.elapsed()}; full logs in build/log/", "dim")
    console.write()
    console.write("{} passed, {} failed, {} skipped".format(*counts(cases)))


def _list_failures(console, failed):
    if not failed:
        return
    console.write()
    console.block("failed", "red")
    for case in failed:
        console.block(f"  {case.part}: {case.name}")
        if case.reason:
            console.block(f"      {case.reason[:300]}", "dim")


def _list_skips(console, skipped):
    if not skipped:
        return
    console.write()
    console.block("skipped, because", "yellow")
    for (part, reason), count in collections.Counter((case.part, case.reason) for case in skipped).items():
        console.block(f"  {count:4}  {part}: {reason}")
