"""kill -9 at random points of a transaction storm, also within compaction, conversion and start-up.

WEFT_KILLS=1000 for the long run, which is divided among the kinds; the default is what the usual test has time for.
python3 kill_storm_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import os
import pathlib
import re
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "serving"))

from served import Served, main  # noqa: E402
from storm import Disturber, Writer, find_tears, first_content, rage, randomness, schema  # noqa: E402

KILLS = int(os.environ.get("WEFT_KILLS", 80))
WRITERS = 3
LONGEST_STORM_SECONDS = 0.15
LONGEST_START_SECONDS = 0.03
STORM_TORN = re.compile(r"the last \d+ bytes are dropped")


class KillStorm(unittest.TestCase):
    """Each kind gets a quarter of the kills. What is promised must be kept over all of them, not just the last one."""

    def setUp(self):
        self.random = randomness()
        self.server = Served(self)
        self.server.create("storm.db", schema())
        self.server.start("storm.db")
        self.assertFalse([each for each in self.server.client().ask("transact", "Storm", *first_content(WRITERS))
                          if "error" in each])
        self.promised = dict.fromkeys(range(WRITERS), 0)
        self.sent = dict.fromkeys(range(WRITERS), 0)
        self.counts = dict.fromkeys(("kills", "answered", "promised", "in_flight", "kept_unanswered", "torn"), 0)

    def storm(self, disturber=None):
        """Until the kill. Checks nothing yet."""
        writers = [Writer(number, self.sent[number], self.server.socket, self.random) for number in range(WRITERS)]
        deadline = time.monotonic() + self.random.uniform(0, LONGEST_STORM_SECONDS)

        def kill_when_due():
            if time.monotonic() >= deadline:
                self.server.process.kill()

        rage(writers + [disturber] * bool(disturber), kill_when_due)
        self.server.process.wait()
        self.counts["kills"] += 1
        for writer in writers:
            self.assertFalse(writer.failures, "a transaction failed, though nothing was wrong but the kill")
            self.promised[writer.number], self.sent[writer.number] = writer.promised, writer.sent
            self.counts["answered"] += writer.answered
            self.counts["in_flight"] += len(writer.under_way)

    def restart_and_check(self):
        self.server.start("storm.db")
        client = self.server.client()
        parts, last = (each["rows"] for each in client.ask("transact", "Storm", *(
            {"op": "select", "table": table, "where": []} for table in ("Part", "Last"))))
        client.close()
        last = {row["writer"]: row["number"] for row in last}
        self.assertEqual(set(last), set(range(WRITERS)))
        self.assertEqual(list(find_tears(parts, last)), [])
        for writer, number in last.items():
            self.assertGreaterEqual(number, self.promised[writer], f"writer {writer}: a promise was broken")
            self.assertLessEqual(number, self.sent[writer])
            self.counts["kept_unanswered"] += number - self.promised[writer]
            self.sent[writer] = self.promised[writer] = number
        self.counts["torn"] += len(STORM_TORN.findall(self.server.said()))

    def tell(self, kind, more=""):
        counts = self.counts
        print(f"{kind}: {counts['kills']} kills, {counts['answered']} transactions answered, {counts['in_flight']} in "
              f"flight when killed, of {counts['kept_unanswered']} more than promised all parts were there, "
              f"{counts['torn']} torn ends repaired{more}; 0 promises broken, 0 halves", file=sys.stderr)

    def disturbed_storms(self, kind, path, request, check=lambda disturber: None):
        under_way = done = 0
        for _ in range(KILLS // 4):
            disturber = Disturber(path, request, path == self.server.socket)
            self.storm(disturber)
            self.assertFalse(disturber.failures)
            under_way += disturber.asked - disturber.done
            done += disturber.done
            self.restart_and_check()
            check(disturber)
        self.tell(kind, f", {done} {kind}s done, {under_way} kills while one was asked for")

    def test_keeps_every_promise_and_no_halves(self):
        for _ in range(KILLS - 3 * (KILLS // 4)):
            self.storm()
            self.restart_and_check()
        self.tell("storm")

    def test_keeps_every_promise_while_compacting(self):
        self.disturbed_storms("compaction", self.server.folder / "ctl",
                              lambda count: {"method": "ovsdb-server/compact", "params": []})

    def test_keeps_every_promise_while_converting(self):
        state = {"first": False}

        def has_extra():
            return "extra" in self.server.client().ask("get_schema", "Storm")["tables"]["Part"]["columns"]

        def request(count):
            return {"method": "convert", "params": ["Storm", schema(state["first"] != (count % 2 == 0))]}

        def check(disturber):
            # The last that was done, or the one under way.
            allowed = {state["first"] != (count % 2 == 1) for count in {disturber.done, disturber.asked}}
            now = has_extra()
            self.assertIn(now, allowed)
            state["first"] = now

        self.disturbed_storms("conversion", self.server.socket, request, check)

    def test_keeps_every_promise_while_starting(self):
        environment = self.server.environment
        for _ in range(KILLS // 4):
            self.storm()
            starting = subprocess.Popen(
                [self.server.program, f"--remote=punix:{self.server.socket}", f"--unixctl={self.server.folder}/ctl", "storm.db"],
                cwd=self.server.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL)
            time.sleep(self.random.uniform(0, LONGEST_START_SECONDS))  # The point is a random one.
            starting.kill()
            starting.wait()
            self.restart_and_check()
        self.tell("start", f", and as many kills within the first {LONGEST_START_SECONDS * 1000:.0f} ms")


if __name__ == "__main__":
    main()
