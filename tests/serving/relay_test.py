"""A relay of ovsdb-server (ovsdb(7) "Relay Service Model"): as its clients see it; where Open vSwitch's own server is
there, together with it.

python3 relay_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import json
import unittest

from served import BIN, OPEN_VSWITCH, Served, main, wait_until

COLUMNS = {"number": {"type": "integer"}, "name": {"type": "string"},
           "friends": {"type": {"key": "integer", "min": 0, "max": "unlimited"}}}
SCHEMA = {"name": "far", "version": "1.0.0", "tables": {"t": {"columns": COLUMNS, "indexes": [["number"]]}}}
NEWER = {"name": "far", "version": "2.0.0", "tables": {"t": {
    "columns": COLUMNS | {"name": {"type": "integer"}}, "indexes": [["number"]]}}}
NOTHING = "00000000-0000-0000-0000-000000000000"
UNAVAILABLE = {"error": "database not available",
               "details": "{} request specifies database far which is not yet available because it has not completed "
                          "joining its cluster"}
SELECT = {"op": "select", "table": "t", "where": [], "columns": ["number", "friends"]}


def insert(number, **values):
    return {"op": "insert", "table": "t", "row": {"number": number} | values}


class RelayTest(unittest.TestCase):
    def setUp(self):
        self.source, self.relay = Served(self), Served(self)
        self.source.create("db", SCHEMA)
        self.database = f"relay:far:{self.source.remote}"

    def status(self):
        client = self.relay.client()
        rows = client.ask("transact", "_Server", {"op": "select", "table": "Database", "where": [["name", "==", "far"]],
                                                  "columns": ["model", "connected", "leader", "schema"]})[0]["rows"]
        client.close()
        return rows[0] if rows else None

    def await_connection(self):
        wait_until(lambda: self.status()["connected"], "the relay has what its source has")

    def start_both(self):
        self.source.start("db")
        self.relay.start(self.database)
        self.await_connection()

    def numbers(self, server=None):
        client = (server or self.relay).client()
        rows = client.ask("transact", "far", SELECT)[0]["rows"]
        client.close()
        return sorted(row["number"] for row in rows)


class ARelay(RelayTest):
    def test_has_changes_carried_out_at_its_source_and_shows_them_to_who_made_them(self):
        self.start_both()
        client = self.relay.client()
        done = client.ask("transact", "far", insert(1, friends=["set", [1, 2]]), {"op": "comment", "comment": "c"})
        self.assertEqual([each.keys() for each in done], [{"uuid"}, set()])
        self.assertEqual(client.ask("transact", "far", SELECT),
                         [{"rows": [{"number": 1, "friends": ["set", [1, 2]]}]}])
        self.assertEqual(self.numbers(self.source), [1])
        again = client.ask("transact", "far", insert(1))
        self.assertEqual(again[1]["error"], "constraint violation")
        client.ask("transact", "far", {"op": "mutate", "table": "t", "where": [],
                                       "mutations": [["friends", "delete", 1], ["number", "+=", 6]]})
        self.assertEqual(client.ask("transact", "far", SELECT), [{"rows": [{"number": 7, "friends": 2}]}])
        client.ask("transact", "far", {"op": "delete", "table": "t", "where": []})
        self.assertEqual(self.numbers(), [])

    def test_serves_monitors(self):
        self.start_both()
        client, writer = self.relay.client(), self.source.client()
        writer.ask("transact", "far", insert(1))
        wait_until(lambda: self.numbers() == [1], "the row has come")
        requests = {"t": [{"columns": ["number"]}]}
        self.assertEqual(list(client.ask("monitor", "far", "m", requests)["t"].values()), [{"new": {"number": 1}}])
        writer.ask("transact", "far", {"op": "update", "table": "t", "where": [], "row": {"number": 2}})
        self.assertEqual(list(client.next_message()["params"][1]["t"].values()),
                         [{"old": {"number": 1}, "new": {"number": 2}}])

    def test_has_its_source_s_transaction_ids(self):
        self.start_both()
        requests = {"t": [{"columns": ["number"]}]}
        self.source.client().ask("transact", "far", insert(1))
        wait_until(lambda: self.numbers() == [1], "the row has come")
        _, last, _ = self.source.client().ask("monitor_cond_since", "far", "m", requests, NOTHING)
        self.source.client().ask("transact", "far", insert(2))
        wait_until(lambda: self.numbers() == [1, 2], "the other row has come")
        found, _, updates = self.relay.client().ask("monitor_cond_since", "far", "m", requests, last)
        self.assertEqual((found, list(updates["t"].values())), (True, [{"insert": {"number": 2}}]))

    def test_answers_what_is_wrong_itself(self):
        self.start_both()
        client = self.relay.client()
        self.assertEqual(client.ask("transact", "far", {"op": "insert", "table": "none", "row": {}})[0]["error"],
                         "syntax error")
        self.assertEqual(client.ask("transact", "far", insert(1), {"op": "assert", "lock": "l"})[1]["error"],
                         "not owner")
        self.assertEqual(client.ask("convert", "far", NEWER)["error"], "not supported")
        self.assertEqual(self.numbers(self.source), [])

    def test_waits_for_rows_where_they_come(self):
        self.start_both()
        client = self.relay.client()
        waiting = client.send("transact", "far", {
            "op": "wait", "table": "t", "where": [], "columns": ["number"], "until": "==", "rows": [{"number": 1}]},
            insert(2))
        self.source.client().ask("transact", "far", insert(1))
        self.assertEqual(client.next_message()["id"], waiting)
        self.assertEqual(self.numbers(), [1, 2])


class AnUnconnectedRelay(RelayTest):
    def test_is_there_but_not_available(self):
        self.relay.start(self.database)
        client = self.relay.client()
        self.assertEqual(client.ask("list_dbs"), ["_Server", "far"])
        for method, params in (("get_schema", []), ("transact", [SELECT]), ("monitor", ["m", {}])):
            self.assertEqual(client.ask(method, "far", *params),
                             UNAVAILABLE | {"details": UNAVAILABLE["details"].format(method)})
        self.assertEqual(self.status(), {"model": "relay", "connected": False, "leader": False,
                                         "schema": ["set", []]})
        self.source.start("db")
        self.await_connection()
        self.assertEqual(json.loads(self.status()["schema"])["version"], "1.0.0")
        self.assertEqual(client.ask("get_schema", "far")["version"], "1.0.0")

    def test_that_has_been_connected_goes_on_reading_and_waits_with_changes(self):
        self.start_both()
        client = self.relay.client()
        client.ask("transact", "far", insert(1))
        self.source.kill()
        wait_until(lambda: "connection closed by peer" in self.relay.said(), "the loss is noticed")
        self.assertEqual(self.numbers(), [1])
        sent = client.send("transact", "far", insert(2))
        self.source.start("db")
        answer = client.next_message()
        self.assertEqual((answer["id"], answer["error"], answer["result"][0].keys()), (sent, None, {"uuid"}))
        self.assertEqual(self.numbers(), [1, 2])

    def test_takes_its_source_s_new_schema(self):
        self.start_both()
        self.source.client().ask("transact", "far", insert(1))
        wait_until(lambda: self.numbers() == [1], "the row has come")
        aware = self.relay.client()
        aware.ask("set_db_change_aware", True)
        aware.ask("monitor", "far", "m", {"t": [{"columns": ["number"]}]})
        converter = self.source.client()
        converter.ask("set_db_change_aware", True)
        self.assertEqual(converter.ask("convert", "far", NEWER), {})
        self.assertEqual(aware.next_message(), {"id": None, "method": "monitor_canceled", "params": ["m"]})
        wait_until(lambda: self.numbers() == [1], "the row has come again")
        self.assertEqual(aware.ask("get_schema", "far")["version"], "2.0.0")


class Arguments(RelayTest):
    def test_name_a_database_and_where_it_comes_from(self):
        for wrong in ("relay:", "relay:far", "relay:far:", "relay::unix:x", "relay:far:,"):
            done = self.relay.run(BIN / "ovsdb-server", "--unixctl=none", wrong)
            self.assertEqual((done.returncode, done.stderr),
                             (1, f"ovsdb-server: ovsdb error: {wrong}: invalid syntax\n"))
        done = self.relay.run(BIN / "ovsdb-server", "--unixctl=none", "relay:far:ptcp:6640")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ptcp:6640: nobody can be connected to there", done.stderr)

    def test_may_name_several_sources(self):
        self.source.start("db")
        self.relay.start(f"relay:far:unix:{self.relay.folder}/none,{self.source.remote}")
        self.await_connection()

    def test_come_and_go_by_ovs_appctl(self):
        self.source.start("db")
        self.relay.start("--no-dbs")
        self.assertEqual(self.relay.control("ovsdb-server/add-db", self.database).returncode, 0)
        self.await_connection()
        again = self.relay.control("ovsdb-server/add-db", self.database)
        self.assertIn("ovsdb error: far: duplicate database name", again.stderr)
        self.assertEqual(self.relay.control("ovsdb-server/list-dbs").stdout, "_Server\nfar\n")
        self.assertEqual(self.relay.control("ovsdb-server/compact", "far").returncode, 0)
        self.assertEqual(self.relay.control("ovsdb-server/get-db-storage-status", "far").stdout, "status: ok\n")
        self.assertEqual(self.relay.control("ovsdb-server/remove-db", "far").returncode, 0)
        self.assertIsNone(self.status())
        self.assertEqual(self.relay.control("ovsdb-server/add-db", self.database).returncode, 0)
        self.await_connection()


@unittest.skipUnless(OPEN_VSWITCH["ovsdb-server"].exists(), "Open vSwitch's ovsdb-server is not installed")
class WithOpenVSwitch(RelayTest):
    def follow(self):
        self.start_both()
        client = self.relay.client()
        self.assertEqual(client.ask("transact", "far", insert(1))[0].keys(), {"uuid"})
        self.source.client().ask("transact", "far", insert(2))
        wait_until(lambda: self.numbers() == [1, 2], "the row has come")

    def test_we_relay_its_database(self):
        self.source.program = OPEN_VSWITCH["ovsdb-server"]
        self.follow()

    def test_it_relays_ours(self):
        self.relay.program = OPEN_VSWITCH["ovsdb-server"]
        self.follow()


if __name__ == "__main__":
    main()
