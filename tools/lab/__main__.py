"""./run demo: the tutorial's network comes up, proves itself, and goes away without a trace.

Exit status: 0 all pings answered and nothing left; 1 something failed; 2 wrong usage; 130 interrupted.
"""

import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from console import Console, StepFailed  # noqa: E402

import guest  # noqa: E402
from census import KINDS, Census  # noqa: E402
from lab import Lab, all_labs, remove_leftovers  # noqa: E402
from picture import picture  # noqa: E402
from tutorial import Tutorial  # noqa: E402

USAGE = "usage: ./run demo [--vm[=libvirt|qemu]] [--keep] | --enter HOST [COMMAND...] | --down"


def run_steps(console, steps):
    for label, step in steps:
        with console.step(label) as line:
            line.say(step(line.say) or "")


def show_pings(console, tutorial):
    """The matrix of who reaches whom; True if nobody lost a packet."""
    with console.step("ping") as line:
        answers = tutorial.ping_all(line.say)
        sent, received = (sum(getattr(a, what) for a in answers.values()) for what in ("sent", "received"))
        line.say(f"{len(answers)} pairs, {received} of {sent} answered")
        if received < sent:
            line.mark = "failed"
    ends = tutorial.endpoints()
    names = [f"{end.host.name} {end.name}" for end in ends]

    def cell(i, j):
        if i == j:
            return "·"
        answer = answers[i, j]
        lost = answer.sent - answer.received
        if lost:
            return f"{lost} of {answer.sent} lost"
        # The clock of an emulated guest stands still between its ticks.
        return f"{answer.mean_ms:.2f} ms" if answer.mean_ms >= 0.005 else "< 0.01 ms"

    console.write()
    console.table(["from \\ to", *(name.replace(" ", "\n") for name in names)], [[name, *(cell(i, j) for j in range(len(ends)))] for i, name in enumerate(names)],
                  lambda row, column, text: "red" if "lost" in text else "green" if text.endswith("ms") else None)
    console.write()
    return received == sent


def show_gone(console, during, left):
    """The table of what was there; True if nothing is left."""
    console.write()
    rows = [[kind, 0, during.count(kind), len(left[kind])] for kind in KINDS if during.count(kind) is not None]
    console.table(["on both hosts", "before", "while up", "after"], rows,
                  lambda row, column, text: ("red" if text else "green") if column == 3 else None)
    for kind, things in left.items():
        if things:
            console.block(f"left behind: {kind}: {', '.join(map(str, sorted(things)))}", "red")
    console.write()
    return not any(left.values())


def take_down(console, tutorial):
    """In reverse; then the hosts themselves. True if nothing is left."""
    lab = tutorial.lab
    during = Census.take(lab)
    console.write()
    run_steps(console, tutorial.down())
    with console.step("two hosts") as line:
        # The switch must have taken its own away: afterwards the hosts' end would hide it.
        left_on_hosts = during.left(lab, ("devices", "filters", "processes"))
        lab.destroy()
        line.say("gone")
    left = during.left(lab)
    return show_gone(console, during, {**left, **left_on_hosts})


def show_how_to_enter(console):
    console.write()
    console.block("It stays up. To look around:")
    console.block("  ./run demo --enter host1\n"
                  "  ./run demo --enter host1 ovs-vsctl show\n"
                  "  ./run demo --enter host2 ip netns exec container0 ping 192.168.100.11")
    console.block("To take it down:\n  ./run demo --down")
    console.write()


def demo(console, vm, keep):
    if count := remove_leftovers():
        console.line("ok", "leftovers", f"of {count} interrupted demo{'s' if count > 1 else ''} removed")
    lab = Lab.create()
    tutorial = Tutorial(lab, vm)
    try:
        run_steps(console, tutorial.up())
        console.write()
        console.block(picture(bool(vm)))
        console.write()
        all_answered = show_pings(console, tutorial)
        run_steps(console, tutorial.checks())
        if keep:
            lab.note(kept=True, vm=vm)
            show_how_to_enter(console)
            return all_answered
        nothing_left = take_down(console, tutorial)
    except BaseException:
        try:
            console.line("skipped", "two hosts", "taken away at once")
        finally:
            lab.destroy()
        raise
    verdict = [] if all_answered else ["not every ping was answered"]
    verdict += [] if nothing_left else ["something was left behind"]
    console.write(f"  {'; '.join(verdict) or 'Everyone reaches everyone, and nothing is left behind'}. "
                  f"{console.elapsed()} in all.")
    console.write()
    return not verdict


def down(console):
    console.title("Weft", "taking the demo down")
    labs = [lab for lab in all_labs() if not lab.has_owner() or lab.is_kept()]
    if not labs:
        console.block("Nothing is up.")
        console.write()
    well = True
    for lab in labs:
        if lab.is_kept():
            try:
                well &= take_down(console, Tutorial(lab, lab.notes.get("vm")))
            finally:
                lab.destroy()
        else:
            lab.destroy()
            console.line("ok", "leftovers", "of an interrupted demo removed")
            console.write()
    return well


def enter(arguments):
    name, *command = arguments or ["host1"]
    kept = [lab for lab in all_labs() if lab.is_kept()]
    hosts = [host for lab in reversed(kept) for host in lab.hosts if host.name == name]
    if not hosts:
        print("Nothing is up: ./run demo --keep" if not kept else f"There is no {name}: host1 and host2", file=sys.stderr)
        return 2
    host = hosts[0]
    environment = {**host.environment(), "PS1": f"{name}# "}
    os.execvpe("nsenter", host.enter(*(command or ["bash", "--norc"])), environment)


def choose_vm(word):
    """None, "libvirt" or "qemu"; the argument is --vm, --vm=libvirt or --vm=qemu."""
    ways = guest.ways()
    wanted = word.partition("=")[2] or (ways or ["qemu"])[0]
    if wanted not in ways:
        raise StepFailed(f"no {wanted} here: install qemu-system-x86" + (" and libvirt" if wanted == "libvirt" else ""))
    return wanted


def interrupted(*_):
    raise KeyboardInterrupt


def main():
    arguments, vm, keep = sys.argv[1:], None, False
    console = Console()
    for name in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, interrupted)
    try:
        if arguments[:1] == ["--enter"]:
            return enter(arguments[1:])
        if arguments == ["--down"]:
            return 0 if down(console) else 1
        for word in arguments:
            if word in ("--vm", "--vm=libvirt", "--vm=qemu"):
                vm = choose_vm(word)
            elif word == "--keep":
                keep = True
            elif word in ("-h", "--help"):
                print(USAGE)
                return 0
            else:
                print(f'./run demo: no option "{word}"\n{USAGE}', file=sys.stderr)
                return 2
        return 0 if demo(console, vm, keep) else 1
    except StepFailed as failure:
        console.write()
        if not failure.shown:
            console.block(str(failure), "red")
            console.write()
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
