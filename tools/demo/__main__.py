"""./run demo: the tutorial's network by `weft lab`: up, a picture, proof, a killed weftd that nobody misses, down.

Exit status: 0 all of it went well and nothing is left; 1 something failed; 2 wrong usage; 130 interrupted.
"""

import os
import pathlib
import re
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from console import Console, StepFailed, exit_status  # noqa: E402

USAGE = "usage: ./run demo [--vm] [--keep] | --enter NODE [COMMAND...] | --down"
PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = PROJECT / "build/bin"
WEFT = str(PROGRAMS / "weft")
FILES = {False: PROJECT / "examples/two-hosts.yaml", True: PROJECT / "examples/with-vms.yaml"}
HOSTS = ["host1", "host2"]
PINGS, PING_SECONDS = 200, 0.02  # Under which weftd is killed.
START_WEFTD = "weftd --detach --db-file=$HOME/conf.db --log-file=$HOME/weftd.log"  # As the lab did.


def lab(*words):
    """`weft lab WORDS`, shown as it goes on. StepFailed where it fails."""
    if subprocess.run([WEFT, "lab", *words]).returncode:
        raise StepFailed(f"weft lab {' '.join(words)} failed")


def on(node, *command):
    """The command's output on a host, or in a container."""
    done = subprocess.run([WEFT, "lab", "exec", node, "--", *command], capture_output=True, text=True)
    if done.returncode:
        raise StepFailed(f"{node}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def kill_switches(line):
    """kill -9 of each host's weftd, and a new start, under steady pings: none is lost."""
    pinging = subprocess.Popen([WEFT, "lab", "exec", "cn2", "--", "ping", "-q", "-c", str(PINGS), "-i", str(PING_SECONDS), "192.168.100.11"],
                               stdout=subprocess.PIPE, text=True)
    for host in HOSTS:
        time.sleep(PINGS * PING_SECONDS / 5)
        line.say(f"weftd killed on {host}")
        on(host, "sh", "-c", "kill -KILL $(cat /run/openvswitch/weftd.pid)")
        time.sleep(PINGS * PING_SECONDS / 10)
        on(host, "sh", "-c", START_WEFTD)
    said = pinging.communicate()[0]
    received = re.search(r"(\d+) received", said)
    lost = PINGS - (int(received[1]) if received else 0)
    if lost:
        raise StepFailed(f"{lost} of {PINGS} pings were lost while weftd was away")
    line.say(f"weftd killed on each host: 0 of {PINGS} pings lost")


def demo(console, has_machines, keep):
    file = str(FILES[has_machines])
    lab("up", file)
    try:
        console.write()
        lab("graph", file)
        console.write()
        lab("verify", file)
        console.write()
        with console.step("kill -9") as line:
            kill_switches(line)
        if keep:
            show_how_to_enter(console)
            return
    except BaseException:
        subprocess.run([WEFT, "lab", "down", file])
        raise
    console.write()
    lab("down", file)
    console.write(f"  {console.elapsed()} in all.")
    console.write()


def show_how_to_enter(console):
    console.write()
    console.block("It stays up. To look around:")
    console.block("  ./run demo --enter host1\n"
                  "  ./run demo --enter host1 ovs-vsctl show\n"
                  "  ./run demo --enter cn2 ping 192.168.100.11")
    console.block("To take it down:\n  ./run demo --down")
    console.write()


def down():
    """Whichever of the two labs is up."""
    names = subprocess.run([WEFT, "lab", "list", "--json"], capture_output=True, text=True).stdout
    found = [file for file in FILES.values() if f'"file":"{file}"' in names]
    for file in found:
        lab("down", str(file))
    if not found:
        print("  Nothing is up.")


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    arguments = sys.argv[1:]
    console = Console()
    os.environ["PATH"] = f"{PROGRAMS}:{os.environ['PATH']}"
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, interrupted)
    if arguments[:1] == ["--enter"]:
        node, *command = arguments[1:] or ["host1"]
        os.execv(WEFT, [WEFT, "lab", *(["exec", node, "--", *command] if command else ["shell", node])])
    if arguments in (["-h"], ["--help"]):
        print(USAGE)
        return 0
    if arguments == ["--down"]:
        return exit_status(console, down)
    if unknown := set(arguments) - {"--vm", "--keep"}:
        print(f'./run demo: no option "{min(unknown)}"\n{USAGE}', file=sys.stderr)
        return 2
    return exit_status(console, lambda: demo(console, "--vm" in arguments, "--keep" in arguments))


if __name__ == "__main__":
    sys.exit(main())
