"""ovsdb-server as the active server and as its backup (ovsdb-server(1)); where Open vSwitch's own is there, together
with it.

python3 replication_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import json
import unittest

from served import BIN, OPEN_VSWITCH, Served, main, wait_until

COLUMNS = {"number": {"type": "integer"}, "name": {"type": "string"},
           "tags": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
           "friends": {"type": {"key": "integer", "min": 0, "max": "unlimited"}}}
SCHEMA = {"name": "pair", "version": "1.0.0", "tables": {
    "left": {"columns": COLUMNS, "indexes": [["number"]]}, "right": {"columns": COLUMNS}}}
LARGER = {"name": "pair", "version": "1.1.0", "tables": {
    "left": {"columns": COLUMNS | {"extra": {"type": "integer"}}, "indexes": [["number"]]},
    "right": {"columns": COLUMNS}, "third": {"columns": COLUMNS}}}
REFUSED = {"error": "not allowed",
           "details": "insert operation not allowed when database server is in read only mode"}


def insert(table, number, **values):
    return {"op": "insert", "table": table, "row": {"number": number, "name": f"n{number}"} | values}


def rows(server):
    """What both tables hold, by UUID."""
    client = server.client()
    select = [{"op": "select", "table": table, "where": [], "columns": ["_uuid", *COLUMNS]}
              for table in ("left", "right")]
    answer = client.ask("transact", "pair", *select)
    client.close()
    return [{each["_uuid"][1]: each for each in table["rows"]} for table in answer]


class ReplicationTest(unittest.TestCase):
    def setUp(self):
        self.active, self.backup = Served(self), Served(self)
        for server in (self.active, self.backup):
            server.create("db", SCHEMA)

    def control(self, server, *command):
        done = server.control(*command)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def status(self, server):
        return self.control(server, "ovsdb-server/sync-status")

    def transact(self, server, *operations):
        client = server.client()
        answer = client.ask("transact", "pair", *operations)
        client.close()
        self.assertNotIn("error", json.dumps(answer))
        return answer

    def await_copy(self):
        wait_until(lambda: rows(self.backup) == rows(self.active), "the backup holds what the active server holds")

    def start_pair(self, *options):
        self.active.start("db")
        self.backup.start("db", f"--sync-from={self.active.remote}", *options)
        wait_until(lambda: "replicating" in self.status(self.backup), "the backup replicates")

    def become_backup_of(self, server, active):
        self.control(server, "ovsdb-server/set-active-ovsdb-server", active.remote)
        return self.control(server, "ovsdb-server/connect-active-ovsdb-server")


class ABackup(ReplicationTest):
    def test_holds_what_the_active_server_held_and_what_it_commits(self):
        self.backup.start("db")
        self.transact(self.backup, insert("left", 99))
        self.backup.kill()
        self.active.start("db")
        self.transact(self.active, insert("left", 1, tags=["map", [["a", "x"], ["b", "y"]]]), insert("right", 1))
        self.backup.start("db", f"--sync-from={self.active.remote}")
        self.await_copy()
        self.transact(self.active, insert("left", 2, friends=["set", [1, 2, 3]]))
        self.await_copy()
        self.transact(self.active, {"op": "mutate", "table": "left", "where": [["number", "==", 2]],
                                    "mutations": [["friends", "delete", 2], ["friends", "insert", 7]]},
                      {"op": "update", "table": "left", "where": [["number", "==", 1]],
                       "row": {"tags": ["map", [["b", "z"], ["c", "w"]]], "name": "renamed"}},
                      {"op": "delete", "table": "right", "where": []})
        self.await_copy()
        held = rows(self.backup)
        self.backup.kill()
        self.backup.start("db")
        self.assertEqual(rows(self.backup), held)
        self.assertEqual(len(held[0]), 2)

    def test_refuses_changes_and_locks_but_not_reading(self):
        self.start_pair()
        client = self.backup.client()
        self.assertEqual(client.ask("transact", "pair", insert("left", 1)), [REFUSED])
        self.assertEqual(client.ask("lock", "l"), "lock and unlock methods not allowed, DB server is read only.")
        client.ask("monitor", "pair", "m", {"left": [{"columns": ["number"]}]})
        self.transact(self.active, insert("left", 5))
        self.assertEqual([each["new"] for each in client.next_message()["params"][1]["left"].values()],
                         [{"number": 5}])

    def test_tells_what_it_does(self):
        self.active.start("db")
        self.assertEqual(self.status(self.active), "state: active\n")
        self.assertEqual(self.control(self.active, "ovsdb-server/get-active-ovsdb-server"), "")
        self.assertEqual(self.control(self.active, "ovsdb-server/get-sync-exclude-tables"), "")
        self.backup.start("db", f"--sync-from=unix:{self.backup.folder}/none",
                          "--sync-exclude-tables=pair:right,other:t")
        self.assertEqual(self.status(self.backup), f"state: backup\nconnecting: unix:{self.backup.folder}/none\n")
        self.become_backup_of(self.backup, self.active)
        wait_until(lambda: self.status(self.backup) == f"state: backup\nreplicating: {self.active.remote}\n"
                   "database: pair\nexclude: other:t,pair:right\n", "the status of a backup that replicates")
        self.assertEqual(self.control(self.backup, "ovsdb-server/get-active-ovsdb-server"), self.active.remote + "\n")
        self.assertEqual(self.control(self.backup, "ovsdb-server/get-sync-exclude-tables"),
                         "other:t,pair:right\n")

    def test_leaves_excluded_tables_as_they_are(self):
        self.backup.start("db")
        self.transact(self.backup, insert("right", 7))
        own = rows(self.backup)[1]
        self.backup.kill()
        self.start_pair("--sync-exclude-tables=pair:right")
        self.transact(self.active, insert("left", 1), insert("right", 1))
        wait_until(lambda: rows(self.backup)[0] == rows(self.active)[0], "the other table is replicated")
        self.assertEqual(rows(self.backup)[1], own)
        self.control(self.backup, "ovsdb-server/set-sync-exclude-tables")
        self.await_copy()
        refusal = self.backup.control("ovsdb-server/set-sync-exclude-tables", "right")
        self.assertIn('right: "right" is not DATABASE:TABLE', refusal.stderr)

    def test_begins_anew_with_an_active_server_that_was_away(self):
        self.start_pair()
        self.transact(self.active, insert("left", 1))
        self.await_copy()
        self.active.kill()
        wait_until(lambda: "connecting" in self.status(self.backup), "the loss is noticed")
        self.assertEqual(len(rows(self.backup)[0]), 1)
        self.active.start("db")
        self.transact(self.active, {"op": "delete", "table": "left", "where": []}, insert("left", 2))
        self.await_copy()

    def test_replicates_databases_that_come_later(self):
        other = {"name": "other", "version": "1.0.0", "tables": {"t": {"columns": {"c": {"type": "string"}}}}}
        self.start_pair()
        for server in (self.active, self.backup):
            server.create("other", other)
            self.control(server, "ovsdb-server/add-db", "other")
        wait_until(lambda: "database: other, pair\n" in self.status(self.backup), "both are replicated")
        self.control(self.backup, "ovsdb-server/remove-db", "other")
        wait_until(lambda: "database: pair\n" in self.status(self.backup), "one is left")


class Roles(ReplicationTest):
    def test_change_by_command_and_clients_begin_anew(self):
        self.active.start("db")
        self.backup.start("db", f"--sync-from={self.active.remote}", "--active")
        self.assertEqual(self.status(self.backup), "state: active\n")
        client = self.backup.client()
        client.ask("list_dbs")
        self.control(self.backup, "ovsdb-server/connect-active-ovsdb-server")
        self.assertEqual(client.rest(), [])
        self.assertIn("disconnecting (making server read-only)", self.backup.said())
        self.transact(self.active, insert("left", 1))
        self.await_copy()
        client = self.backup.client()
        client.ask("list_dbs")
        self.control(self.backup, "ovsdb-server/disconnect-active-ovsdb-server")
        self.assertEqual(client.rest(), [])
        self.assertIn("disconnecting (making server read/write)", self.backup.said())
        self.transact(self.backup, insert("left", 2))
        self.become_backup_of(self.active, self.backup)
        self.await_copy()
        self.assertEqual(len(rows(self.active)[0]), 2)

    def test_do_not_change_without_a_server_to_connect_to(self):
        self.backup.start("db")
        connect = ("ovsdb-server/connect-active-ovsdb-server",)
        self.assertEqual(self.control(self.backup, *connect), "Unable to connect: active server is not specified.\n")
        self.control(self.backup, "ovsdb-server/set-active-ovsdb-server", "ptcp:6640")
        self.assertIn("nobody can be connected to there", self.control(self.backup, *connect))
        self.assertEqual(self.status(self.backup), "state: active\n")

    def test_are_never_both_one_server_s(self):
        self.backup.start("db")
        self.transact(self.backup, insert("left", 1))
        before = rows(self.backup)
        self.become_backup_of(self.backup, self.backup)
        wait_until(lambda: self.status(self.backup) == "state: active\n", "it is the active server again")
        self.assertIn("Self replicating is not allowed", self.backup.said())
        self.assertEqual(rows(self.backup), before)

    def test_take_a_probe_interval(self):
        self.start_pair()
        command = "ovsdb-server/set-active-ovsdb-server-probe-interval"
        self.assertEqual(self.control(self.backup, command, "soon"),
                         "Invalid probe interval, integer value expected\n")
        self.assertEqual(self.control(self.backup, command, "5000"), "")
        self.transact(self.active, insert("left", 1))
        self.await_copy()


class SchemasThatDiffer(ReplicationTest):
    WORD = "Schema version mismatch, checking if pair can still be replicated or not."

    def test_are_no_hindrance_where_the_backup_has_more(self):
        self.backup.create("larger", LARGER)
        self.active.start("db")
        self.transact(self.active, insert("left", 1))
        self.backup.start("larger", f"--sync-from={self.active.remote}")
        self.await_copy()
        self.assertIn(self.WORD, self.backup.said())
        self.assertIn("pair can be replicated.", self.backup.said())

    def test_end_the_role_of_a_backup_that_has_less(self):
        self.active.create("larger", LARGER)
        self.active.start("larger")
        self.backup.start("db")
        self.transact(self.backup, insert("left", 1))
        self.become_backup_of(self.backup, self.active)
        wait_until(lambda: self.status(self.backup) == "state: active\n", "it is the active server again")
        self.assertIn(self.WORD, self.backup.said())
        self.assertIn("Column extra not present in the local db schema table left.", self.backup.said())
        self.assertIn("pair cannot be replicated.", self.backup.said())
        self.assertIn("Nothing to replicate.", self.backup.said())
        self.assertEqual(len(rows(self.backup)[0]), 1)


@unittest.skipUnless(OPEN_VSWITCH["ovsdb-server"].exists(), "Open vSwitch's ovsdb-server is not installed")
class WithOpenVSwitch(ReplicationTest):
    def follow(self):
        self.start_pair()
        self.transact(self.active, insert("left", 1, tags=["map", [["a", "x"]]]), insert("right", 1))
        self.await_copy()
        self.transact(self.active, {"op": "update", "table": "left", "where": [],
                                    "row": {"tags": ["map", [["a", "y"]]]}})
        self.await_copy()

    def test_we_are_the_backup(self):
        self.active.program = OPEN_VSWITCH["ovsdb-server"]
        self.follow()

    def test_we_are_the_active_server(self):
        self.backup.program = OPEN_VSWITCH["ovsdb-server"]
        self.follow()


if __name__ == "__main__":
    main()
