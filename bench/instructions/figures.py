"""From what was counted to what is told. Pure."""

SAME_HOST = ("direct", "redirect", "weft", "bridge", "ovs-kernel")
BETWEEN_HOSTS = ("underlay", "weft-vxlan", "bridge-vxlan", "ovs-kernel-vxlan")
LABELS = {"direct": "direct veth", "redirect": "eBPF redirect alone", "weft": "Weft", "bridge": "Linux bridge",
          "ovs-kernel": "Open vSwitch, kernel", "underlay": "bare underlay", "weft-vxlan": "Weft",
          "bridge-vxlan": "Linux bridge + kernel vxlan", "ovs-kernel-vxlan": "Open vSwitch, kernel"}
# Work of ./run bench datapath, what of it is told, and how much of what is counted there that is.
WORKS = (("blast", "a raw frame\nof 60 bytes", 1), ("udp", "a UDP packet\nof 18 bytes", 1),
         ("ping-pong", "a UDP ping\nand pong", 1), ("tcp", "1448 bytes\nby TCP", 1448 * 8))
HEADINGS = ["figure", "measured", "asked for", ""]
# Of a raw frame, in which next to nothing but the switch is counted.
ASKED = (("a raw frame, same host / Open vSwitch's kernel datapath", "weft", "ovs-kernel", 0.80),
         ("a raw frame, between hosts / Open vSwitch's kernel datapath", "weft-vxlan", "ovs-kernel-vxlan", 0.60))


def instructions(values, setup, work, factor=1):
    """values: as ./run bench datapath --json writes them, from a guest in which a nanosecond is an instruction. None where
    it was not measured."""
    counted = values["cpu_ns"].get(setup, {}).get(work)
    return counted[0] * factor if counted else None


def table(title, setups, values):
    """(headings, rows): what each costs, and its ratio to the last one's."""
    rows = []
    for setup in setups:
        cells = []
        for work, _, factor in WORKS:
            mine, last = (instructions(values, name, work, factor) for name in (setup, setups[-1]))
            part = f" {mine / last:.2f}x" if mine and last and setup != setups[-1] else ""
            cells.append(f"{mine:,.0f}{part}" if mine else "-")
        rows.append([LABELS[setup], *cells])
    return [title, *(label for _, label, _ in WORKS)], rows


def figures(values):
    rows = []
    for label, mine, theirs, asked in ASKED:
        counted = [instructions(values, name, "blast") for name in (mine, theirs)]
        if all(counted):
            part = counted[0] / counted[1]
            rows.append([label, f"{part:.2f}x", f"at most {asked:.2f}x", "reached" if round(part, 2) <= asked else "missed"])
    return rows
