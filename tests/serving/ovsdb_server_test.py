"""The program ovsdb-server as people and scripts use it; where Open vSwitch's own is there, compared with it.

python3 ovsdb_server_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import json
import os
import signal
import unittest

from served import BIN, OPEN_VSWITCH, Client, Served, is_running, main, wait_until

SCHEMA = {"name": "ordinals", "version": "5.1.3", "cksum": "12345678 9", "tables": {"ordinals": {
    "columns": {"number": {"type": "integer"}, "name": {"type": "string"}}, "indexes": [["number"]]}}}
NEWER = {"name": "ordinals", "version": "6.0.0", "tables": {"ordinals": {
    "columns": {"number": {"type": "integer"}, "name": {"type": "string"}, "extra": {"type": "integer"}}}}}
UNSUITABLE = {"name": "ordinals", "version": "7.0.0", "tables": {"ordinals": {
    "columns": {"number": {"type": "string"}, "name": {"type": "string"}}}}}
OTHER = {"name": "other", "version": "1.0.0", "tables": {"t": {"columns": {"c": {"type": "string"}}}}}
NOTHING = "00000000-0000-0000-0000-000000000000"
ALL_NAMES = {"ordinals": [{"columns": ["number", "name"]}]}


def insert(number, name):
    return {"op": "insert", "table": "ordinals", "row": {"number": number, "name": name}}


SELECT = {"op": "select", "table": "ordinals", "where": [], "columns": ["number", "name"]}
WAIT_IN_VAIN = {"op": "wait", "table": "ordinals", "where": [], "columns": ["number"], "until": "==",
                "rows": [{"number": 99}]}


class ServerTest(unittest.TestCase):
    def setUp(self):
        self.server = Served(self)
        self.server.create("db", SCHEMA)

    def control(self, *command):
        done = self.server.control(*command)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refusal(self, *command):
        done = self.server.control(*command)
        self.assertEqual(done.returncode, 2, done.stdout)
        return done.stderr.splitlines()[0]


class Databases(ServerTest):
    def test_come_and_go_by_ovs_appctl(self):
        self.server.create("other", OTHER)
        self.server.start("db")
        self.assertEqual(self.control("ovsdb-server/list-dbs"), "_Server\nordinals\n")
        self.control("ovsdb-server/add-db", "other")
        self.assertEqual(self.control("ovsdb-server/list-dbs"), "_Server\nordinals\nother\n")
        self.assertEqual(self.server.client().ask("list_dbs"), ["_Server", "ordinals", "other"])
        self.assertEqual(self.control("ovsdb-server/get-db-storage-status", "other"), "status: ok\n")
        self.control("ovsdb-server/remove-db", "ordinals")
        self.assertEqual(self.server.client().ask("list_dbs"), ["_Server", "other"])
        self.control("ovsdb-server/add-db", "db")
        self.assertEqual(self.server.client().ask("transact", "ordinals", insert(1, "one"))[0].keys(), {"uuid"})

    def test_that_cannot_be_had_are_refused_in_open_vswitch_s_words(self):
        self.server.create("same", SCHEMA)
        self.server.start("db")
        for file, reason in (("./db", "ovsdb error: ./db: already open"),
                             ("same", "ovsdb error: ordinals: duplicate database name"),
                             ("none", "I/O error: none: open failed (No such file or directory)")):
            self.assertEqual(self.refusal("ovsdb-server/add-db", file), reason)
        self.assertEqual(self.refusal("ovsdb-server/remove-db", "none"), "Failed to find the database.")
        self.assertEqual(self.refusal("ovsdb-server/remove-db", "_Server"), "Cannot remove reserved database.")
        self.assertEqual(self.refusal("ovsdb-server/compact", "_Server"), "cannot compact built-in databases")
        self.assertEqual(self.refusal("ovsdb-server/compact", "none"), "no database by that name")

    def test_end_the_connections_of_clients_that_do_not_know_of_such_and_tell_the_others(self):
        self.server.create("other", OTHER)
        self.server.start("db")
        aware, unaware = self.server.client(), self.server.client()
        aware.ask("set_db_change_aware", True)
        unaware.ask("list_dbs")
        aware.ask("monitor_cond", "_Server", "s", {"Database": [{"columns": ["name"]}]})
        self.control("ovsdb-server/add-db", "other")
        self.assertEqual(unaware.rest(), [])
        aware.ask("echo")
        self.assertEqual([list(each["params"][1]["Database"].values()) for each in aware.heard],
                         [[{"insert": {"name": "other"}}]])
        self.assertIn("disconnecting (adding other database)", self.server.said())
        aware.heard.clear()
        aware.ask("monitor_cond", "ordinals", "m", ALL_NAMES)
        waiting = aware.send("transact", "ordinals", WAIT_IN_VAIN)
        self.control("ovsdb-server/remove-db", "ordinals")
        aware.ask("echo")
        self.assertEqual(aware.heard[:2], [{"id": None, "method": "monitor_canceled", "params": ["m"]},
                                           {"id": waiting, "result": None, "error": "canceled"}])

    def test_are_locked_against_a_second_server(self):
        self.server.start("db")
        second = self.server.run(BIN / "ovsdb-server", "--unixctl=none", "db")
        self.assertEqual(second.returncode, 1)
        self.assertIn("I/O error: db: failed to lock lockfile (Resource temporarily unavailable)", second.stderr)


class Conversion(ServerTest):
    def setUp(self):
        super().setUp()
        self.server.start("db")
        self.aware = self.server.client()
        self.aware.ask("set_db_change_aware", True)
        self.aware.ask("transact", "ordinals", insert(7, "seven"))

    def test_of_a_database_that_is_served_is_whole_and_told(self):
        unaware = self.server.client()
        unaware.ask("monitor_cond", "ordinals", "m", ALL_NAMES)
        self.aware.ask("monitor_cond", "ordinals", "m", ALL_NAMES)
        self.aware.ask("monitor_cond", "_Server", "s", {"Database": [{"columns": ["schema"]}]})
        self.assertEqual(self.aware.ask("convert", "ordinals", NEWER), {})
        self.assertEqual(unaware.rest(), [])
        self.assertEqual([each["method"] for each in self.aware.heard], ["monitor_canceled", "update2"])
        self.assertEqual(self.aware.ask("get_schema", "ordinals")["version"], "6.0.0")
        rows = self.aware.ask("transact", "ordinals", SELECT | {"columns": ["number", "name", "extra"]})
        self.assertEqual(rows, [{"rows": [{"number": 7, "name": "seven", "extra": 0}]}])

    def test_is_in_the_file_as_it_is_acknowledged(self):
        self.assertEqual(self.aware.ask("convert", "ordinals", NEWER), {})
        self.server.kill()
        self.server.start("db")
        self.assertEqual(self.server.client().ask("get_schema", "ordinals")["version"], "6.0.0")
        self.assertEqual(self.server.client().ask("transact", "ordinals", SELECT),
                         [{"rows": [{"number": 7, "name": "seven"}]}])

    def test_that_does_not_suit_leaves_everything_as_it_was(self):
        before = (self.server.folder / "db").read_bytes()
        unaware = self.server.client()
        unaware.ask("monitor_cond", "ordinals", "m", ALL_NAMES)
        for schema in (UNSUITABLE, OTHER, {"name": "ordinals"}, {"name": "ordinals", "tables": {"x": {}}}, 5):
            self.assertIn("error", self.aware.ask("convert", "ordinals", schema))
        self.assertEqual((self.server.folder / "db").read_bytes(), before)
        unaware.ask("echo")
        self.assertEqual(unaware.heard, [])
        self.assertEqual(self.aware.ask("get_schema", "ordinals")["version"], "5.1.3")

    @unittest.skipUnless(OPEN_VSWITCH["ovsdb-tool"].exists(), "ovsdb-tool is not installed (Debian: openvswitch-common)")
    def test_by_open_vswitch_s_client_can_be_read_by_its_tool(self):
        schema = self.server.folder / "newer"
        schema.write_text(json.dumps(NEWER))
        self.assertEqual(self.needs_conversion(schema), "yes\n")
        done = self.server.run(OPEN_VSWITCH["ovsdb-client"], "convert", self.server.remote, schema)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.needs_conversion(schema), "no\n")
        query = self.server.run(OPEN_VSWITCH["ovsdb-tool"], "query", "db", json.dumps(["ordinals", SELECT]))
        self.assertEqual(json.loads(query.stdout), [{"rows": [{"number": 7, "name": "seven"}]}], query.stderr)

    def needs_conversion(self, schema):
        return self.server.run(OPEN_VSWITCH["ovsdb-client"], "needs-conversion", self.server.remote, schema).stdout


class Compaction(ServerTest):
    def setUp(self):
        super().setUp()
        self.server.start("db")
        client = self.server.client()
        for number in range(3):
            client.ask("transact", "ordinals", insert(number, f"n{number}"))
            client.ask("transact", "ordinals", {"op": "delete", "table": "ordinals", "where": []})
        client.ask("transact", "ordinals", insert(7, "seven"))

    def lines(self):
        return (self.server.folder / "db").read_text().count("\n")

    def test_leaves_the_schema_and_one_record_of_all_rows(self):
        self.assertEqual(self.lines(), 16)
        self.control("ovsdb-server/compact")
        self.assertEqual(self.lines(), 4)
        client = self.server.client()
        self.assertEqual(client.ask("transact", "ordinals", SELECT), [{"rows": [{"number": 7, "name": "seven"}]}])
        client.ask("transact", "ordinals", insert(8, "eight"))
        self.assertEqual(self.lines(), 6)
        self.assertIn("compacting ordinals database by user request", self.server.said())

    def test_and_a_restart_keep_what_clients_know_of_the_database(self):
        client = self.server.client()
        known = client.ask("monitor_cond_since", "ordinals", "m", ALL_NAMES, NOTHING)[1]
        self.control("ovsdb-server/compact", "ordinals")
        self.server.kill()
        self.server.start("db")
        client = self.server.client()
        client.ask("transact", "ordinals", insert(8, "eight"))
        found, _, missed = client.ask("monitor_cond_since", "ordinals", "m", ALL_NAMES, known)
        self.assertEqual((found, [list(row.values()) for row in missed["ordinals"].values()]),
                         (True, [[{"number": 8, "name": "eight"}]]))


class Command(ServerTest):
    """--run"""

    def serve(self, *arguments):
        return self.server.run(BIN / "ovsdb-server", f"--remote=punix:{self.server.socket}",
                               f"--unixctl={self.server.folder}/ctl", *arguments)

    def test_decides_how_the_server_ends(self):
        for command, status, said in (("true", 0, ""), ("exit 3", 1, "exit 3: child exited, exit status 3"),
                                      ("kill -9 $$", 1, "kill -9 $$: child exited, killed (Killed)")):
            done = self.serve(f"--run={command}", "db")
            self.assertEqual((done.returncode, done.stderr), (status, f"ovsdb-server: {said}\n" if said else ""))

    def test_finds_the_server_there(self):
        transaction = json.dumps(["ordinals", insert(0, "zero"), SELECT])
        done = self.serve(f"--run={BIN}/ovsdb-client transact {self.server.remote} '{transaction}'", "db")
        self.assertEqual(json.loads(done.stdout)[1], {"rows": [{"number": 0, "name": "zero"}]}, done.stderr)

    def test_an_end_of_the_file_that_is_no_record_is_told_and_replaced_by_the_next_commit(self):
        transaction = f"{BIN}/ovsdb-client transact {self.server.remote} '{json.dumps(['ordinals', insert(1, 'one')])}'"
        garbage = (b"xxx\n", b'OVSDB JSON 15 ffbcdae4b0386265f9ea3280dd7c8f0b72a20e56\n{"invalid":{}}\n')
        told = ('syntax error: db: parse error at offset 227 in header line "xxx"',
                'syntax "{"invalid":{}}": unknown table: No table named invalid.')
        good = (self.server.folder / "db").read_bytes()
        for end, words in zip(garbage, told):
            (self.server.folder / "db").write_bytes(good + end)
            done = self.serve(f"--run={transaction}", "db")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(words, done.stderr)
            again = self.serve("--run=true", "db")
            self.assertEqual((again.returncode, again.stderr), (0, ""))

    def test_mistakes_on_the_command_line_are_told_in_open_vswitch_s_words(self):
        for arguments, said in ((["none"], "I/O error: none: open failed (No such file or directory)"),
                                (["db", "./db"], "ovsdb error: ./db: already open"),
                                (["--remote=db:x", "db"], '"db:x": invalid syntax\n'),
                                (["--remote=db:a,b,c", "db"], '"db:a,b,c": no database named a\n'),
                                (["--remote=db:ordinals,b,c", "db"], '"db:ordinals,b,c": no table named b\n'),
                                (["--remote=db:ordinals,ordinals,c", "db"],
                                 '"db:ordinals,ordinals,c": table "ordinals" has no column "c"\n'),
                                (["--nope"], "unrecognized option '--nope'")):
            done = self.serve("--run=true", *arguments)
            self.assertEqual((done.returncode, done.stderr), (1, f"ovsdb-server: {said}\n"))


class Daemon(ServerTest):
    def detach(self, *arguments):
        done = self.server.run(BIN / "ovsdb-server", "--detach", "--no-chdir", "--pidfile", "--log-file",
                               f"--unixctl={self.server.folder}/ctl", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.addCleanup(self.end)

    def end(self):
        """Ends what the test has left. The monitor starts no other daemon after this; it writes its last line in the log."""
        if (pid := self.pid()) is not None:
            first = os.getpgid(pid)  # The monitor, or the daemon itself.
            self.server.control("exit")
            wait_until(lambda: not is_running(first), "the daemon and its monitor are gone")

    def pid(self):
        try:
            return int((self.server.folder / "ovsdb-server.pid").read_text())
        except (FileNotFoundError, ValueError):
            return None

    def is_served(self):
        return self.server.control("version").returncode == 0

    def test_ends_by_ovs_appctl_and_leaves_nothing_behind(self):
        self.detach(f"--remote=punix:{self.server.socket}", "db")
        self.assertEqual(self.control("ovsdb-server/list-remotes"), f"punix:{self.server.socket}\n")
        self.control("exit")
        wait_until(lambda: self.pid() is None, "the pid file is gone")
        left = {file.name for file in self.server.folder.iterdir()}
        self.assertEqual(left, {"db", ".db.~lock~", "db.schema", "ovsdb-server.log"})

    def test_takes_remotes_and_gives_them_up(self):
        self.detach("db")
        first, second = (self.server.folder / name for name in ("socket1", "socket2"))
        self.control("ovsdb-server/add-remote", "punix:socket1")
        self.control("ovsdb-server/add-remote", f"punix:{second}")
        self.assertEqual(self.control("ovsdb-server/list-remotes"), f"punix:{second}\npunix:socket1\n")
        for path in (first, second):
            client = Client(path)
            self.assertIn("ordinals", client.ask("list_dbs"))
            client.close()
        self.control("ovsdb-server/remove-remote", "punix:socket1")
        self.assertEqual((first.exists(), second.exists()), (False, True))
        self.assertEqual(self.refusal("ovsdb-server/remove-remote", "punix:socket1"), "no such remote")
        self.assertEqual(self.refusal("ovsdb-server/add-remote", "db:x,y,z"), '"db:x,y,z": no database named x')

    def test_comes_back_after_a_crash_with_what_it_had(self):
        self.server.create("other", OTHER)
        self.detach("--monitor", "db")
        self.control("ovsdb-server/add-db", "other")
        self.control("ovsdb-server/remove-db", "ordinals")
        self.control("ovsdb-server/add-remote", "punix:socket1")
        crashed = self.pid()
        os.kill(crashed, signal.SIGSEGV)
        wait_until(lambda: self.pid() not in (None, crashed) and self.is_served(), "another daemon")
        self.assertEqual(self.control("ovsdb-server/list-dbs"), "_Server\nother\n")
        self.assertEqual(self.control("ovsdb-server/list-remotes"), "punix:socket1\n")
        client = Client(self.server.folder / "socket1")
        self.assertEqual(client.ask("list_dbs"), ["_Server", "other"])
        client.close()

    def test_logs_changed_rows_of_chosen_tables(self):
        self.detach(f"--remote=punix:{self.server.socket}", "db")
        self.assertIn("ordinals                    OFF\n", self.control("ovsdb-server/tlog-list"))
        self.control("ovsdb-server/tlog-set", "ordinals:ordinals", "on")
        self.assertIn("ordinals                    ON\n", self.control("ovsdb-server/tlog-list"))
        self.server.client().ask("transact", "ordinals", insert(0, "zero"))
        log = (self.server.folder / "ovsdb-server.log").read_text()
        self.assertRegex(log, r"\|transaction\|INFO\|table:ordinals,op:inserted,name:zero,number:0,_version:[-0-9a-f]+,_uuid:")
        for arguments, reason in ((["x:y", "on"], "no such database"), (["ordinals:y", "on"], "no such table"),
                                  (["ordinals", "on"], "invalid DB:TABLE argument"),
                                  (["ordinals:ordinals", "maybe"], "invalid command argument")):
            self.assertEqual(self.refusal("ovsdb-server/tlog-set", *arguments), reason)

    def test_can_do_without_conditional_monitors(self):
        self.detach(f"--remote=punix:{self.server.socket}", "db")
        client = self.server.client()
        client.ask("set_db_change_aware", True)
        self.control("ovsdb-server/disable-monitor-cond")
        self.assertEqual(client.rest(), [])
        client = self.server.client()
        self.assertEqual(client.ask("monitor_cond", "ordinals", "m", ALL_NAMES), "unknown method")
        self.assertEqual(client.ask("monitor", "ordinals", "m", {"ordinals": {"columns": ["name"]}}), {})


@unittest.skipUnless(OPEN_VSWITCH["ovsdb-server"].exists(), "ovsdb-server is not installed (Debian: openvswitch-switch)")
class Comparison(unittest.TestCase):
    """The same requests to Open vSwitch's server and to ours."""

    REQUESTS = (
        ("set_db_change_aware",), ("set_db_change_aware", 1), ("set_db_change_aware", True),
        ("convert", "ordinals"), ("convert", "none", NEWER), ("convert", 1, NEWER), ("convert", "ordinals", OTHER),
        ("convert", "_Server", NEWER), ("get_schema", "ordinals"), ("get_schema", "none"),
        ("transact", "ordinals", SELECT), ("convert", "ordinals", NEWER), ("get_schema", "ordinals"),
        ("transact", "ordinals", SELECT), ("monitor_cancel", "m"), ("nonsense",),
    )

    def answers(self, program, tool):
        server = Served(self, program)
        server.create("db", SCHEMA)
        self.assertEqual(server.run(tool, "transact", "db", json.dumps(["ordinals", insert(1, "one")])).returncode, 0)
        server.start("--no-chdir", "db")
        client = server.client()
        answers = [client.ask(*request) for request in self.REQUESTS]
        records = [line for line in (server.folder / "db").read_text().splitlines() if line.startswith("{")]
        server.kill()
        return answers, sorted(json.loads(records[0]))

    def test_gives_the_same_answers(self):
        theirs, their_schema = self.answers(OPEN_VSWITCH["ovsdb-server"], OPEN_VSWITCH["ovsdb-tool"])
        ours, our_schema = self.answers(BIN / "ovsdb-server", BIN / "ovsdb-tool")
        for request, their, our in zip(self.REQUESTS, theirs, ours):
            self.assertEqual(our, their, request)
        self.assertEqual(our_schema, their_schema)

    def test_is_told_of_by_a_file_that_the_other_one_can_serve(self):
        for first, second in ((BIN / "ovsdb-server", OPEN_VSWITCH["ovsdb-server"]),
                              (OPEN_VSWITCH["ovsdb-server"], BIN / "ovsdb-server")):
            server = Served(self, first)
            server.create("db", SCHEMA)
            server.start("--no-chdir", "db")
            client = server.client()
            client.ask("transact", "ordinals", insert(1, "one"))
            client.ask("transact", "ordinals", {"op": "update", "table": "ordinals", "where": [], "row": {"name": "eins"}})
            client.ask("set_db_change_aware", True)
            self.assertEqual(client.ask("convert", "ordinals", NEWER), {})
            client.ask("transact", "ordinals", insert(2, "two"))
            server.kill()
            server.program = second
            server.start("--no-chdir", "db")
            rows = server.client().ask("transact", "ordinals", SELECT)[0]["rows"]
            self.assertEqual(sorted(row["name"] for row in rows), ["eins", "two"])
            server.kill()


if __name__ == "__main__":
    main()
