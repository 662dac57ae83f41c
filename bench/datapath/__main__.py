"""./run bench datapath: packets, beside the direct wire, a Linux bridge and Open vSwitch, in interleaved rounds.

All setups are up at once, in namespaces; each round measures each work once on each of them, one after the other, in an
order that changes from round to round. What is told are medians over the rounds, and ratios of medians: these are what
can be compared on a noisy machine.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import frame  # noqa: E402

from console import Console, StepFailed, exit_status  # noqa: E402

import figures  # noqa: E402
import works  # noqa: E402
from chart import svg  # noqa: E402
from setups import between_hosts, same_host  # noqa: E402

SECONDS, QUICK_SECONDS = 1.5, 0.3  # That one work is measured on one setup, once.
PICTURE = frame.PAGE.with_name("benchmarks-datapath.svg")
SCRATCH = pathlib.Path("/media" if frame.PROJECT.is_relative_to("/mnt") else "/mnt")  # Our own tmpfs is mounted there.
PARTS = (*figures.SAME_HOST, *figures.BETWEEN_HOSTS, "fdb", "losses")
PORTS = 1000
LABELS = {work.name: work.label for work in works.WORKS}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./run bench datapath", description=__doc__.split("\n\n")[0],
                                     epilog=f"Parts: {', '.join(PARTS)}.")
    parser.add_argument("parts", nargs="*", metavar="PART", help="only these")
    frame.common_arguments(parser, quick=f"one round of {QUICK_SECONDS} s each")
    parser.add_argument("--seconds", type=float, help=f"how long a work is measured at a time (default: {SECONDS})")
    parser.add_argument("--work", action="append", choices=tuple(LABELS), help="only this; may be said again")
    parser.add_argument("--ports", type=int, default=PORTS, help=f"how many come and go under traffic (default: {PORTS})")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}")
    arguments.parts = arguments.parts or PARTS
    if arguments.quick:
        arguments.rounds = 1
    arguments.seconds = arguments.seconds or (QUICK_SECONDS if arguments.quick else SECONDS)
    return arguments


class Bench:
    def __init__(self, console, arguments):
        self.console, self.rounds, self.seconds = console, arguments.rounds, arguments.seconds
        self.parts, self.ports = arguments.parts, arguments.ports
        self.works = [work for work in works.WORKS if not arguments.work or work.name in arguments.work]
        self.has_machines = not arguments.work
        self.setups = [setup for setup in same_host() + between_hosts()
                       if setup.name in self.parts and setup.is_possible()]
        self.labels = {setup.name: setup.label for setup in self.setups}
        self.fdb_scale = works.FdbScale()
        self.values = {"rounds": self.rounds, "seconds": self.seconds, "load": os.getloadavg()[0], "rates": {}, "cpu_ns": {},
                       "fdb_ns": {}, "lost": {}, "notes": []}
        self.machines = {}  # Ends of virtual machines, by setup.

    def note(self, failure):
        self.values["notes"].append(" ".join(str(failure).split()))

    def start(self):
        """What does not start is told, and left out."""
        up = []
        with self.console.step("setting up") as step:
            for i, setup in enumerate(self.setups):
                step.say(f"{setup.name}: {setup.label}")
                try:
                    setup.start(SCRATCH, 2 * i + 1)
                    if not setup.reaches():
                        raise StepFailed("no packet gets through")
                    if self.has_machines and setup.name in ("weft-vxlan", "bridge-vxlan"):
                        self.machines[setup.name] = setup.add_machines(works.TRAFFIC)
                    up.append(setup)
                except (StepFailed, subprocess.CalledProcessError) as failure:
                    self.note(f"{setup.name} did not start: {failure}")
                    setup.stop()
            if "fdb" in self.parts:
                self.fdb_scale.start(SCRATCH, 2 * len(self.setups) + 1)
            step.say(f"{len(up)} of {len(self.setups)} setups are up")
        self.setups = up

    def measure(self, name, work, setup, ends):
        try:
            rate, cpu_ns = work.measure(setup, ends, self.seconds)
        except StepFailed as failure:
            self.note(failure)
        else:
            for column, value in (("rates", rate), ("cpu_ns", cpu_ns)):
                self.values[column].setdefault(setup.name, {}).setdefault(name, []).append(value)

    def round(self, number, step):
        turn = number % max(1, len(self.setups))
        for work in self.works:
            for setup in self.setups[turn:] + self.setups[:turn]:
                step.say(f"{work.label}: {setup.label}")
                self.measure(work.name, work, setup, setup.ends())
        for setup in self.setups if number % 2 == 0 else reversed(self.setups):
            if setup.name in self.machines:
                step.say(f"taps and UDP GSO: {setup.label}")
                self.measure("machines", works.MACHINE_WORK, setup, self.machines[setup.name])
                self.measure("segments", works.SEGMENTS_WORK, setup, setup.ends())
        if "fdb" in self.parts:
            step.say("address table")
            try:
                for entries, nanoseconds in self.fdb_scale.nanoseconds(self.seconds).items():
                    self.values["fdb_ns"].setdefault(entries, []).append(nanoseconds)
            except StepFailed as failure:
                self.note(failure)
        step.say(f"{len(self.setups)} setups, {len(self.works)} works")

    def losses(self):
        by_name = {setup.name: setup for setup in self.setups}
        restarts, ports = f"weftd killed and started, {works.RESTARTS} times", f"{self.ports} ports added and deleted"
        with self.console.step("losses") as step:
            for name, where in (("weft", "same host"), ("weft-vxlan", "overlay")):
                if name in by_name:
                    step.say(f"{restarts}, {where}")
                    self.values["lost"][f"{restarts}, {where}"] = works.lost_by_restarts(by_name[name])
                    step.say(f"{ports}, {where}")
                    self.values["lost"][f"{ports}, {where}"] = works.lost_by_ports(by_name[name], self.ports)
            step.say(f"{sum(lost for lost, _ in self.values['lost'].values())} packets")

    def run(self):
        self.start()
        for number in range(self.rounds):
            with self.console.step(f"round {number + 1}/{self.rounds}") as step:
                self.round(number, step)
        if "losses" in self.parts:
            self.losses()

    # --- what is told -----------------------------------------------------------------------------------------------

    def tables(self):
        """(title, headings, rows) of what was measured."""
        for title, setups in (("same host", figures.SAME_HOST), ("between two hosts", figures.BETWEEN_HOSTS)):
            headings, rows = figures.rate_table(self.values["rates"], setups, works.WORKS, self.labels)
            if rows:
                yield title, [title, *headings[1:]], rows

    def figures(self):
        return [figure.row() for figure in figures.figures(self.values, LABELS)]

    def tell(self):
        for _, headings, rows in self.tables():
            self.console.write()
            self.console.table(headings, rows)
        if self.values["fdb_ns"]:
            self.console.write()
            self.console.block(figures.fdb_line(self.values["fdb_ns"]))
        if rows := self.figures():
            self.console.write()
            self.console.table(figures.HEADINGS, rows,
                               lambda _, column, text: {"reached": "green", "missed": "red"}.get(text) if column == 3 else None)
        for note in self.values["notes"]:
            self.console.block(f"note: {note}")
        self.console.write()

    def keep(self):
        rounds = "One round" if self.rounds == 1 else f"Medians of {self.rounds} rounds"
        said = [f"{rounds} of {self.seconds:g} s each, {frame.machine()}; load when it began "
                f"{self.values['load']:.1f}.", f"![Ratios to the direct wire, as bars]({PICTURE.name})"]
        for _, headings, rows in self.tables():
            said.append(frame.markdown([heading.replace("\n", ", ") for heading in headings], rows,
                                       "l" + "r" * len(works.WORKS)))
        if self.values["fdb_ns"]:
            said.append(figures.fdb_line(self.values["fdb_ns"]) + ".")
        said.append(frame.markdown(figures.HEADINGS, self.figures(), "lrrl"))
        said += [f"Note: {note}." for note in self.values["notes"]]
        frame.keep("datapath", "\n\n".join(said))
        PICTURE.write_text(self.picture())

    def picture(self):
        rates, panels = self.values["rates"], []
        for title, setups in (("Same host: ratio to a direct veth pair", figures.SAME_HOST),
                              ("Between two hosts, VXLAN: ratio to the bare underlay", figures.BETWEEN_HOSTS)):
            series = [(name, "limit" if name == setups[0] else name.removesuffix("-vxlan"), self.labels[name])
                      for name in setups if name in rates]
            groups = [(f"{work.label}, {work.unit}",
                       {name: (figures.ratio(rates, name, setups[0], work.name),
                               frame.number(figures.median(rates, name, work.name), ""))
                        for name, _, _ in series if figures.ratio(rates, name, setups[0], work.name)})
                      for work in works.WORKS]
            panels.append((title, series, groups))
        return svg("Weft's datapath beside the direct wire", panels)


def measure(console, arguments):
    bench = Bench(console, arguments)
    bench.run()
    if arguments.json:
        print(json.dumps(bench.values, indent=2))
    else:
        bench.tell()
    if arguments.keep:
        bench.keep()


def main():
    arguments = parse_arguments()
    console = Console(sys.stderr if arguments.json else sys.stdout)
    if reason := frame.lacks_rights():
        console.line("failed", "bench datapath", reason)
        return 1
    frame.go_inside("--net")
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(SCRATCH)], check=True)
    console.title("bench datapath", "packets, beside the direct wire, a Linux bridge and Open vSwitch")
    return exit_status(console, lambda: measure(console, arguments))


if __name__ == "__main__":
    sys.exit(main())
