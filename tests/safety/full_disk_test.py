"""The disk of a database is full: a small tmpfs in a mount namespace of this test's own.

Nothing that was refused is there, nothing that was answered is missing, reading goes on, and all is well again when there is
room. A commit that is not durable is refused, too: what others see and a restart brings back is the same. Columns that live
in memory only can still be written.

python3 full_disk_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "serving"))

from served import Served, main  # noqa: E402

DISK_BYTES = 2 << 20
INSIDE = "WEFT_FULL_DISK_INSIDE"
TEXT = "x" * 10_000
SCHEMA = {"name": "Disk", "version": "1.0.0", "tables": {"Note": {"isRoot": True, "columns": {
    "number": {"type": "integer"}, "text": {"type": "string"},
    "state": {"type": {"key": "string", "min": 0, "max": 1}, "ephemeral": True}}}}}
OTHER_SCHEMA = {**SCHEMA, "version": "2.0.0"}


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.server = Served(self)
        self.disk = self.server.folder / "disk"
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", self.disk], check=True)
        self.addCleanup(lambda: subprocess.run(["umount", "--lazy", self.disk], check=True))
        self.server.create("disk/disk.db", SCHEMA)
        self.server.start("disk/disk.db")
        self.client = self.server.client()
        self.answered = set()
        self.refused = []

    # --- what the tests are made of ---------------------------------------------------------------------------------

    def insert(self, number, durable=True, text=TEXT):
        """Whether it was taken."""
        answer = self.client.ask("transact", "Disk",
                                 {"op": "insert", "table": "Note", "row": {"number": number, "text": text}},
                                 *[{"op": "commit", "durable": True}] * durable)
        error = next((each for each in answer if each and "error" in each), None)
        if error:
            self.refused.append(error)
        else:
            self.answered.add(number)
        return not error

    def fill_by_others(self):
        (self.disk / "others").write_bytes(b"")
        with (self.disk / "others").open("wb", buffering=0) as others:
            for size in (4096, 1):
                try:
                    while others.write(b"x" * size):
                        pass
                except OSError:
                    pass

    def fill_by_commits(self):
        number = len(self.answered)
        while self.insert(number):
            number += 1
        self.assertGreater(len(self.answered), 10)

    def make_room(self):
        (self.disk / "others").unlink()

    def found(self):
        rows = self.client.ask("transact", "Disk", {"op": "select", "table": "Note", "where": []})[0]["rows"]
        self.assertTrue(all(row["text"] in (TEXT, "") for row in rows))
        numbers = [row["number"] for row in rows]
        self.assertEqual(len(numbers), len(set(numbers)))
        return set(numbers)

    def check_content(self):
        """What is served, and after kill -9 what the file has, is what was answered."""
        self.assertEqual(self.found(), self.answered)
        self.restart()
        self.assertEqual(self.found(), self.answered)

    def restart(self):
        self.server.kill()
        self.server.start("disk/disk.db")
        self.client = self.server.client()

    def files(self):
        return sorted(path.name for path in self.disk.iterdir())

    def compact(self):
        return self.server.control("ovsdb-server/compact")

    # --- the tests --------------------------------------------------------------------------------------------------

    def test_refuses_commits_with_the_reason_and_serves_on(self):
        self.assertTrue(self.insert(0))
        watcher = self.server.client()
        watcher.ask("monitor", "Disk", "m", {"Note": {"columns": ["number"]}})
        self.fill_by_others()
        for durable in (True, False):
            for number in range(1, 30):
                self.assertFalse(self.insert(number, durable))
        for error in self.refused:
            self.assertEqual(error["error"], "I/O error")
            self.assertRegex(error["details"], r"No space left on device|is the disk full\?")
            self.assertIn(str(self.disk / "disk.db"), error["details"])
        self.assertEqual(self.found(), {0})
        self.make_room()
        self.assertTrue(self.insert(100))
        self.assertTrue(self.insert(101, durable=False))
        watcher.ask("echo")
        told = [row["new"]["number"] for message in watcher.heard
                for row in message["params"][1]["Note"].values()]
        self.assertEqual(sorted(told), [100, 101], "nobody is told of what was refused")
        self.check_content()
        print(f"full: {len(self.refused)} commits refused, told as {self.refused[0]}", file=sys.stderr)

    def test_lets_columns_be_written_that_are_in_memory_only(self):
        self.assertTrue(self.insert(0))
        self.fill_by_others()
        self.assertFalse(self.insert(1))
        change = {"op": "update", "table": "Note", "where": [], "row": {"state": "up"}}
        self.assertEqual(self.client.ask("transact", "Disk", change), [{"count": 1}])
        self.check_content()

    def test_fills_up_by_its_own_commits_and_loses_none(self):
        self.fill_by_commits()
        self.check_content()
        # After the large one did not fit, a small one may.
        self.insert(-1, text="")
        self.check_content()
        print(f"filled up by {len(self.answered)} commits of {len(TEXT)} bytes on {DISK_BYTES} bytes", file=sys.stderr)

    def test_comes_up_on_a_full_disk_also_with_a_torn_end(self):
        self.assertTrue(self.insert(0))
        self.fill_by_others()
        self.check_content()
        self.server.kill()
        self.make_room()
        with (self.disk / "disk.db").open("a") as file:
            file.write("OVSDB JSON 12345 0123456789012345678901234567890123456789\n{\"half")
        self.fill_by_others()
        self.server.start("disk/disk.db")
        self.client = self.server.client()
        self.assertFalse(self.insert(1))
        self.check_content()
        self.make_room()
        self.assertTrue(self.insert(2))
        self.check_content()

    def test_cannot_compact_says_so_and_compacts_when_there_is_room(self):
        for number in range(60):
            self.assertTrue(self.insert(number))
        self.fill_by_others()
        before = self.files()
        done = self.compact()
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"No space left on device|is the disk full\?")
        self.assertEqual(self.files(), before, "nothing half made lies about")
        self.assertFalse(self.insert(1000))
        self.check_content()
        self.make_room()
        self.assertEqual(self.compact().returncode, 0)
        self.assertTrue(self.insert(1001))
        self.check_content()
        print(f"compaction on a full disk: {done.stderr.strip()}", file=sys.stderr)

    def test_cannot_convert_says_so_and_converts_when_there_is_room(self):
        self.assertTrue(self.insert(0))
        self.client.ask("set_db_change_aware", True)
        self.fill_by_others()
        before = self.files()
        error = self.client.ask("convert", "Disk", OTHER_SCHEMA)
        self.assertEqual(error["error"], "I/O error")
        self.assertRegex(error["details"], r"No space left on device|is the disk full\?")
        self.assertEqual(self.files(), before)
        self.assertEqual(self.client.ask("get_schema", "Disk")["version"], "1.0.0")
        self.check_content()
        self.make_room()
        self.client.ask("set_db_change_aware", True)
        self.assertEqual(self.client.ask("convert", "Disk", OTHER_SCHEMA), {})
        self.assertTrue(self.insert(1))
        self.check_content()
        self.assertEqual(self.client.ask("get_schema", "Disk")["version"], "2.0.0")

    def test_fills_up_again_and_again_and_recovers_each_time(self):
        for round_number in range(20):
            self.fill_by_others()
            self.assertFalse(self.insert(1000 + round_number))
            self.make_room()
            self.assertTrue(self.insert(round_number))
        self.check_content()


if __name__ == "__main__":
    if os.getuid() != 0:
        print("skipped: needs root, to mount a small disk")
        sys.exit(77)
    if INSIDE not in os.environ:
        os.environ[INSIDE] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, "-B", *sys.argv])
    main()
