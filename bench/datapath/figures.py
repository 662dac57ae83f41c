"""From what was measured to what is told: tables, and whether what was asked for is reached. Pure."""

import dataclasses
import statistics

from frame import number

SAME_HOST = ("direct", "redirect", "weft", "bridge", "ovs-kernel", "ovs", "ovs-tso")
BETWEEN_HOSTS = ("underlay", "weft-vxlan", "bridge-vxlan", "ovs-kernel-vxlan", "ovs-vxlan")
WORKS = ("tcp", "ping-pong", "udp", "blast")
# Ratios of medians that are asked for, in the order of WORKS.
ASKED = (("same host / direct veth", "weft", "direct", (0.98, 0.96, 0.95, 0.85)),
         ("overlay / bare underlay", "weft-vxlan", "underlay", (0.88, 0.85, 0.76, 0.50)),
         ("overlay / Linux bridge + vxlan", "weft-vxlan", "bridge-vxlan", (1.2, 1.4, 1.6, 2.1)),
         ("overlay / Open vSwitch userspace", "weft-vxlan", "ovs-vxlan", (18, 11, 2.7, 4.6)))
ASKED_OF_KERNEL_WAY = 1.0
ASKED_OF_FDB = 1.4  # At most.
FDB_FEW = "10:10"
FDB_ASKED = (("1000000:10", "ns a packet, 10 -> 1,000,000 addresses, 10 talk"),
             ("1000000:1000000", "ns a packet, 10 -> 1,000,000 addresses, all talk"))


@dataclasses.dataclass(frozen=True)
class Figure:
    """What one row of the table of figures tells."""

    label: str
    value: str
    asked: str
    is_reached: bool

    def row(self):
        return [self.label, self.value, self.asked, "reached" if self.is_reached else "missed"]


HEADINGS = ["figure", "measured", "asked for", ""]


def median(rates, setup, work):
    """None where it was not measured."""
    values = rates.get(setup, {}).get(work)
    return statistics.median(values) if values else None


def ratio(rates, setup, other, work):
    mine, theirs = median(rates, setup, work), median(rates, other, work)
    return mine / theirs if mine and theirs else None


def times(value):
    return f"{value:.2f}x" if value < 10 else f"{value:.1f}x"


def least(label, value, asked):
    """A ratio that should be large, compared as it is written."""
    if value is None:
        return None
    return Figure(label, times(value), f"{asked:g}x", round(value, 2) >= asked)


def figures(values, labels):
    """values: as `./run bench datapath --json` writes them. labels: of works, by name."""
    rates, fdb, lost = values["rates"], values["fdb_ns"], values["lost"]
    told = [least(f"{label}: {labels[work]}", ratio(rates, mine, theirs, work), asked)
            for label, mine, theirs, all_asked in ASKED for work, asked in zip(WORKS, all_asked)]
    told.append(least("overlay / kernel vxlan: TCP between VMs' taps",
                      ratio(rates, "weft-vxlan", "bridge-vxlan", "machines"), ASKED_OF_KERNEL_WAY))
    told.append(least("overlay / kernel vxlan: UDP GSO", ratio(rates, "weft-vxlan", "bridge-vxlan", "segments"),
                      ASKED_OF_KERNEL_WAY))
    for case, label in FDB_ASKED:
        if case in fdb:
            grown = statistics.median(fdb[case]) / statistics.median(fdb[FDB_FEW])
            told.append(Figure(label, times(grown), f"at most {ASKED_OF_FDB:g}x", round(grown, 2) <= ASKED_OF_FDB))
    told += [Figure(f"lost: {what}", f"{count} of {sent:,}", "0", count == 0) for what, (count, sent) in lost.items()]
    return [figure for figure in told if figure]


def rate_table(rates, setups, works, labels):
    """(headings, rows): a row a setup, its rates, and their ratios to the first's. works: with name, label, unit."""
    headings = [""] + [f"{work.label}\n{work.unit}" for work in works]
    rows = []
    for setup in setups:
        if not any(rates.get(setup, {}).get(work.name) for work in works):
            continue
        cells = []
        for work in works:
            value, part = median(rates, setup, work.name), ratio(rates, setup, setups[0], work.name)
            cells.append("-" if value is None else f"{number(value, '')} {part:.2f}x" if part and setup != setups[0]
                         else number(value, ""))
        rows.append([labels[setup], *cells])
    return headings, rows


def fdb_line(fdb):
    """Cases are ADDRESSES:TALKERS."""
    told = []
    for case, values in fdb.items():
        entries, talkers = map(int, case.split(":"))
        told.append(f"{entries:,}{f' ({talkers} talk)' if talkers != entries else ''}: {number(statistics.median(values), '')}")
    return "CPU ns a packet, by addresses in the table: " + ", ".join(told)
