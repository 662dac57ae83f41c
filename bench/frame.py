"""What the benchmarks share: where things are, how a run is kept apart from the machine, how figures are written."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

from switches import PROJECT

PAGE = PROJECT / "docs/benchmarks.md"
TOOLS = PROJECT / "build/test-bin"
ROUNDS = 5
_INSIDE = "WEFT_BENCH_INSIDE"


def common_arguments(parser, quick):
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"how often each is measured (default: {ROUNDS})")
    parser.add_argument("--quick", action="store_true", help=f"{quick}: for a look")
    parser.add_argument("--json", action="store_true", help="every value, as JSON")
    parser.add_argument("--keep", action="store_true", help=f"put the table into {PAGE.relative_to(PROJECT)}")


def lacks_open_vswitch():
    """What of it is not there; None if all is."""
    missing = [name for name in ("ovsdb-server", "ovs-vswitchd", "ovsdb-tool")
               if not shutil.which(name, path="/usr/sbin:/usr/bin")]
    return f"{', '.join(missing)} of Open vSwitch not installed (Debian: openvswitch-switch)" if missing else None


def lacks_rights():
    return "needs root, for network namespaces and eBPF" if os.getuid() != 0 else None


def go_inside(*namespaces):
    """Goes on in a pid and a mount namespace of its own, and in those that are asked for: all that is started ends with
    us, however we end."""
    if _INSIDE in os.environ:
        return
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", *namespaces, "--fork", "--kill-child",
               "--mount-proc", "--propagation", "private", sys.executable, "-B", *sys.argv]
    child = subprocess.Popen(command, env={**os.environ, _INSIDE: "1"})
    # unshare ignores SIGTERM and SIGINT. The second comes to the program inside by itself, from the terminal.
    signal.signal(signal.SIGTERM, lambda *_: child.kill())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    status = child.wait()
    sys.exit(status if status >= 0 else 128 - status)


def number(value, unit):
    text = f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
    return f"{text}{unit}" if unit in ("x", "/s") else f"{text} {unit}".rstrip()


def machine():
    return f"{os.cpu_count()} cores, Linux {os.uname().release.split('-')[0]}"


def markdown(headings, rows, columns):
    """A table. columns: a letter for each, l or r for the side that its cells are on."""
    rules = {"l": "---", "r": "---:"}
    lines = [headings, [rules[letter] for letter in columns], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def tell(console, arguments, name, values, said, headings, rows, columns):
    """The values as JSON, or the table; and the table, below what is said of it, into the page. As the arguments ask."""
    if arguments.json:
        print(json.dumps(values, indent=2))
    else:
        console.write()
        console.table(headings, rows)
    if arguments.keep:
        keep(name, f"{said}\n\n{markdown([' '.join(heading.split()) for heading in headings], rows, columns)}")


def keep(name, text):
    """Puts it between the marks of that name in the page."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    page = PAGE.read_text()
    PAGE.write_text(re.sub(f"{begin}.*{end}", lambda _: f"{begin}\n{text}\n{end}", page, flags=re.DOTALL))
