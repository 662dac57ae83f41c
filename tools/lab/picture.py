"""The lab's network as a drawing, after the tutorial's own."""

_CONTAINERS = [
    ("┌─ host1 ────────────────────────┐", "┌──────────────────────── host2 ─┐"),
    ("│ container0 ── veth0 ─┐         │", "│         ┌─ veth0 ── container0 │"),
    ("│ 192.168.100.11       │         │", "│         │       192.168.100.12 │"),
    ("│                lu-br0 ─ vxlan0 │", "│ vxlan0 ─ lu-br0                │"),
]
_GUESTS = [
    ("│                      │     │   │", "│   │     │                      │"),
    ("│ vm1 ───────── vnet0 ─┘     │   │", "│   │     └─ vnet0 ───────── vm2 │"),
    ("│ 192.168.100.21           eth0 ─┼", "┼─ eth0           192.168.100.22 │"),
]
_NO_GUESTS = [
    ("│                            │   │", "│   │                            │"),
    ("│                          eth0 ─┼", "┼─ eth0                          │"),
]
_BOTTOM = [
    ("└────────────────────────────────┘", "└────────────────────────────────┘"),
]
_WIRE = "──────"


def picture(has_guests):
    """About 75 columns; with a VM on each host, or without."""
    rows = _CONTAINERS + (_GUESTS if has_guests else _NO_GUESTS) + _BOTTOM
    lines = [left + (_WIRE if left.endswith("┼") else " " * len(_WIRE)) + right for left, right in rows]
    tunnel = "VXLAN: VNI 100, group 239.0.0.1, UDP port 4789"
    lines.append(f"172.31.99.1{tunnel.center(len(lines[0]) - 22)}172.31.99.2")
    return "\n".join(lines)
