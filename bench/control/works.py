"""The works that are measured, each a function from a peer and an empty folder to its figures. What is prepared before
the work is not part of the figure."""

import dataclasses

from peers import Database, Switch

PORTS = 1000
ADD_PORTS_ONE_BY_ONE = f"for i in $(seq {PORTS}); do ovs-vsctl add-port br0 p$i; done"
ADD_PORTS_AT_ONCE = f"ovs-vsctl $(for i in $(seq {PORTS}); do echo -- add-port br0 p$i; done)"
DELETE_PORTS_AT_ONCE = f"ovs-vsctl $(for i in $(seq {PORTS}); do echo -- del-port br0 p$i; done)"
SAMPLES = 10  # Commands whose CPU time is added up, for one figure of one command.


@dataclasses.dataclass(frozen=True)
class Figure:
    label: str
    unit: str  # Of the values; "/s": more is better.
    target: str  # What is to be reached, in words.
    reached: object = None  # (theirs, ours) -> whether it is.


@dataclasses.dataclass(frozen=True)
class Work:
    name: str
    figures: tuple
    measure: object  # (peer, folder, load program) -> a value a figure.


def one_by_one(peer, folder, _load):
    switch = Switch(peer, folder, 1)
    try:
        switch.make_devices(PORTS)
        return [switch.run(ADD_PORTS_ONE_BY_ONE)]
    finally:
        switch.stop()


def at_once(peer, folder, _load):
    switch = Switch(peer, folder, 1)
    try:
        switch.make_devices(PORTS)
        added = switch.run(ADD_PORTS_AT_ONCE)
        memory = switch.daemons.memory_mb()
        return [added, switch.run(DELETE_PORTS_AT_ONCE), memory]
    finally:
        switch.stop()


def cpu_of_one_command(peer, folder, _load):
    """The many ports have no device: thousands of those would be the kernel's test, not the switch's."""
    switch = Switch(peer, folder, 1)
    try:
        adds, gets, have = [], [], 0
        for ports in (10, 1000, 10_000):
            for first in range(have + 1, ports + 1, 1000):
                last = min(first + 999, ports)
                switch.run(f"ovs-vsctl $(for i in $(seq {first} {last}); do echo -- add-port br0 x$i; done) 2>/dev/null || true")
            have = ports
            adds.append(switch.cpu_ms(f"for i in $(seq {SAMPLES}); do ovs-vsctl add-port br0 y$i 2>/dev/null || true; done") / SAMPLES)
            switch.run(f"ovs-vsctl $(for i in $(seq {SAMPLES}); do echo -- del-port br0 y$i; done)")
            gets.append(switch.cpu_ms(f"for i in $(seq {SAMPLES}); do ovs-vsctl get Interface x7 name >/dev/null; done")
                        / SAMPLES)
        return [*adds, adds[-1] / adds[0], gets[0], gets[-1], gets[-1] / gets[0]]
    finally:
        switch.stop()


def transactions(peer, folder, load):
    database = Database(peer, folder, load)
    database.start()
    try:
        database.load("fill", 1000)
        works = [(20_000, 1), (50_000, 64), (500, 1, "durable"), (2_000, 64, "durable")]
        return [work[0] / database.load("update", *work) for work in works]
    finally:
        database.stop()


def followers(peer, folder, load):
    database = Database(peer, folder, load)
    database.start()
    try:
        database.load("fill", 1000)
        before = database.cpu_ms()
        database.load("monitor", 100, 1000)
        return [database.cpu_ms() - before]
    finally:
        database.stop()


def reopening(peer, folder, load):
    database = Database(peer, folder, load)
    database.start()
    try:
        database.load("fill", 100_000)
        database.stop()
        database.start()
        return [database.cpu_ms()]
    finally:
        database.stop()


FLAT = 1.5


def at_most(limit):
    return lambda _, ours: ours <= limit


def times_less(factor):
    return lambda theirs, ours: ours * factor <= theirs


def times_more(factor):
    return lambda theirs, ours: ours >= theirs * factor


WORKS = (
    Work("one-by-one", (Figure(f"{PORTS} add-port one after another", "s", "10x, 7 s",
                               lambda theirs, ours: times_less(10)(theirs, ours) and ours <= 7),), one_by_one),
    Work("at-once", (Figure(f"{PORTS} add-port in one transaction", "s", "0.4 s", at_most(0.4)),
                     Figure(f"{PORTS} del-port in one transaction", "s", "0.5 s", at_most(0.5)),
                     Figure(f"memory with {PORTS} ports", "MB", "less", times_less(1))), at_once),
    Work("one-command", (Figure("CPU of one add-port at 10 ports", "ms", ""),
                         Figure("... at 1,000 ports", "ms", ""),
                         Figure("... at 10,000 ports", "ms", ""),
                         Figure("... 10,000 ports to 10", "x", f"at most {FLAT}x", at_most(FLAT)),
                         Figure("CPU of get Interface at 10 ports", "ms", ""),
                         Figure("... at 10,000 ports", "ms", ""),
                         Figure("... 10,000 ports to 10", "x", f"at most {FLAT}x", at_most(FLAT))), cpu_of_one_command),
    Work("transactions", (Figure("updates, one at a time", "/s", "2x more", times_more(2)),
                          Figure("updates, 64 in flight", "/s", "2x more", times_more(2)),
                          Figure("durable updates, one at a time", "/s", "as many", times_more(1)),
                          Figure("durable updates, 64 in flight", "/s", "10x more", times_more(10))), transactions),
    Work("followers", (Figure("CPU: 1,000 updates, 100 clients follow", "ms", "half", times_less(2)),), followers),
    Work("reopening", (Figure("CPU: reopening 100,000 rows", "ms", "half", times_less(2)),), reopening),
)
