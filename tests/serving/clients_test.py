"""Other people's clients against our database server: Debian's python IDL, and ovsdb-client.

python3 clients_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import json
import shutil
import subprocess
import time
import unittest


from served import Served, main

try:
    import ovs.db.idl
    import ovs.poller
except ImportError:
    ovs = None

SECONDS_MAX = 15
SCHEMA = {"name": "Lab", "version": "1.0.0", "tables": {
    "Bridge": {"isRoot": True, "indexes": [["name"]], "columns": {
        "name": {"type": "string"},
        "ports": {"type": {"key": {"type": "uuid", "refTable": "Port"}, "min": 0, "max": "unlimited"}},
        "external_ids": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}}}},
    "Port": {"columns": {
        "name": {"type": "string"},
        "tag": {"type": {"key": "integer", "min": 0, "max": 1}}}}}}


class ServedTest(unittest.TestCase):
    """A test with a server of its own."""

    def setUp(self):
        self.server = Served(self)
        self.server.create("conf.db", SCHEMA)
        self.folder, self.remote = self.server.folder, self.server.remote
        self.start()

    def start(self):
        self.server.start("conf.db")

    def stop(self):
        self.server.kill()


@unittest.skipUnless(ovs, "no module ovs for this python (Debian: python3-openvswitch, for /usr/bin/python3)")
class Idl(ServedTest):
    """Python's ovs library: what OpenStack, os-vif and others build on."""

    def connect(self, tables=("Bridge", "Port")):
        helper = ovs.db.idl.SchemaHelper(schema_json=SCHEMA)
        for table in tables:
            helper.register_table(table)
        idl = ovs.db.idl.Idl(self.remote, helper)
        self.addCleanup(idl.close)
        self.run_until(idl, lambda: idl.has_ever_connected(), "first content")
        return idl

    def run_until(self, idl, is_so, what):
        until = time.monotonic() + SECONDS_MAX
        while True:
            idl.run()
            if is_so():
                return
            if time.monotonic() > until:
                self.fail(f"waited in vain: {what}")
            poller = ovs.poller.Poller()
            idl.wait(poller)
            poller.timer_wait(100)
            poller.block()

    def add_bridge(self, idl, name):
        def is_added():
            transaction = ovs.db.idl.Transaction(idl)
            port = transaction.insert(idl.tables["Port"])
            port.name = name
            bridge = transaction.insert(idl.tables["Bridge"])
            bridge.name = name
            bridge.ports = [port]
            status = transaction.commit_block()
            # Where the connection was lost meanwhile, clients try again.
            self.assertIn(status, [transaction.SUCCESS, transaction.TRY_AGAIN], transaction.get_error())
            return status == transaction.SUCCESS

        self.run_until(idl, is_added, f"{name} is added")

    @staticmethod
    def names(idl):
        return sorted(row.name for row in idl.tables["Bridge"].rows.values())

    @staticmethod
    def bridge(idl, name):
        return next(row for row in idl.tables["Bridge"].rows.values() if row.name == name)

    def test_reads_what_is_there(self):
        self.add_bridge(self.connect(), "br0")
        reader = self.connect()
        self.assertEqual(self.names(reader), ["br0"])
        self.assertEqual([port.name for port in self.bridge(reader, "br0").ports], ["br0"])

    def test_is_told_what_another_client_changed(self):
        watcher, writer = self.connect(), self.connect()
        self.add_bridge(writer, "br0")
        self.run_until(watcher, lambda: self.names(watcher) == ["br0"], "the new bridge")
        transaction = ovs.db.idl.Transaction(writer)
        self.bridge(writer, "br0").setkey("external_ids", "k", "v")
        self.bridge(writer, "br0").ports[0].tag = 7
        self.assertEqual(transaction.commit_block(), transaction.SUCCESS)
        self.run_until(watcher, lambda: self.bridge(watcher, "br0").external_ids == {"k": "v"}, "the map's new key")
        self.assertEqual(self.bridge(watcher, "br0").ports[0].tag, [7])
        transaction = ovs.db.idl.Transaction(writer)
        self.bridge(writer, "br0").delete()
        self.assertEqual(transaction.commit_block(), transaction.SUCCESS)
        self.run_until(watcher, lambda: not watcher.tables["Port"].rows, "the port goes with its bridge")

    def test_is_refused_what_breaks_an_index(self):
        idl = self.connect()
        self.add_bridge(idl, "br0")
        transaction = ovs.db.idl.Transaction(idl)
        transaction.insert(idl.tables["Bridge"]).name = "br0"
        self.assertEqual(transaction.commit_block(), transaction.ERROR)
        self.assertIn("constraint violation", transaction.get_error())

    def test_a_conflict_is_told_as_try_again(self):
        first, second = self.connect(), self.connect()
        self.add_bridge(first, "br0")
        self.run_until(second, lambda: self.names(second) == ["br0"], "the new bridge")
        row = self.bridge(second, "br0")
        transaction = ovs.db.idl.Transaction(second)
        row.verify("external_ids")
        row.setkey("external_ids", "by", "second")
        faster = ovs.db.idl.Transaction(first)
        self.bridge(first, "br0").setkey("external_ids", "by", "first")
        self.assertEqual(faster.commit_block(), faster.SUCCESS)
        self.assertEqual(transaction.commit_block(), transaction.TRY_AGAIN)

    def test_follows_only_rows_that_match_a_condition(self):
        writer, watcher = self.connect(), self.connect(tables=["Bridge"])
        self.add_bridge(writer, "br0")
        self.add_bridge(writer, "br1")
        watcher.cond_change("Bridge", [["name", "==", "br1"]])
        self.run_until(watcher, lambda: self.names(watcher) == ["br1"], "br0 leaves sight")
        watcher.cond_change("Bridge", [True])
        self.run_until(watcher, lambda: self.names(watcher) == ["br0", "br1"], "br0 comes back")

    def test_after_a_lost_connection_learns_only_what_it_missed(self):
        watcher, writer = self.connect(), self.connect()
        self.add_bridge(writer, "br0")
        self.run_until(watcher, lambda: self.names(watcher) == ["br0"], "the new bridge")
        before = self.bridge(watcher, "br0")
        watcher.force_reconnect()
        self.add_bridge(writer, "br1")
        self.run_until(watcher, lambda: self.names(watcher) == ["br0", "br1"], "what was missed")
        self.assertIs(self.bridge(watcher, "br0"), before, "the library keeps its rows if told only the difference")

    def test_reconnects_to_a_server_that_was_killed_and_finds_everything(self):
        idl = self.connect()
        self.add_bridge(idl, "br0")
        self.stop()
        self.start()
        self.add_bridge(idl, "br1")
        self.run_until(idl, lambda: self.names(idl) == ["br0", "br1"], "all bridges")
        self.assertEqual(self.names(self.connect()), ["br0", "br1"])

    def test_takes_a_lock_when_its_owner_has_gone(self):
        owner, heir = self.connect(), self.connect()
        owner.set_lock("L")
        self.run_until(owner, lambda: owner.has_lock, "the lock")
        heir.set_lock("L")
        self.run_until(heir, lambda: heir.is_lock_contended, "word that it is taken")
        owner.close()
        self.run_until(heir, lambda: heir.has_lock, "the inherited lock")


@unittest.skipUnless(shutil.which("ovsdb-client"), "ovsdb-client is not installed (Debian: openvswitch-common)")
class OvsdbClient(ServedTest):
    """Open vSwitch's own command line client."""

    def client(self, command, *arguments):
        result = subprocess.run(["ovsdb-client", "--timeout=10", command, self.remote, *arguments], text=True,
                                capture_output=True, stdin=subprocess.DEVNULL)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def add_bridge(self, name):
        return self.client("transact", json.dumps(["Lab", {"op": "insert", "table": "Bridge", "row": {"name": name}}]))

    def test_sees_databases_and_schemas(self):
        self.assertEqual(self.client("list-dbs"), "Lab\n_Server\n")
        self.assertEqual(self.client("get-schema-version", "Lab"), "1.0.0\n")
        self.assertEqual(sorted(self.client("list-tables", "Lab").split()[2:]), ["Bridge", "Port"])
        self.client("wait", "Lab", "connected")

    def test_finds_our_schema_to_be_the_one_it_was_made_from(self):
        said = subprocess.run(["ovsdb-client", "needs-conversion", self.remote, self.folder / "conf.db.schema"], text=True,
                              capture_output=True)
        self.assertEqual(said.stdout, "no\n", said.stderr)

    def test_dumps_and_backs_up_what_it_inserted(self):
        self.add_bridge("br0")
        self.assertIn("br0", self.client("dump", "Lab", "Bridge", "name"))
        (self.folder / "backup.db").write_text(self.client("backup", "Lab"))
        said = subprocess.run(["ovsdb-tool", "query", self.folder / "backup.db",
                               json.dumps(["Lab", {"op": "select", "table": "Bridge", "where": [], "columns": ["name"]}])],
                              text=True, capture_output=True)
        self.assertEqual(json.loads(said.stdout), [{"rows": [{"name": "br0"}]}], said.stderr)

    def test_monitors_in_all_three_ways(self):
        self.add_bridge("br0")
        for command, arguments in [("monitor", ["Lab", "Bridge", "name"]),
                                   ("monitor-cond", ["Lab", '[["name","!=","x"]]', "Bridge", "name"]),
                                   ("monitor-cond-since", ["Lab", "00000000-0000-0000-0000-000000000000",
                                                           '[["name","!=","x"]]', "Bridge", "name"])]:
            with subprocess.Popen(["ovsdb-client", "--timeout=10", "--format=csv", command, self.remote, *arguments],
                                  text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as monitor:
                self.read_until(monitor, ",initial,")
                self.add_bridge(f"by-{command}")
                self.assertIn(f"by-{command}", self.read_until(monitor, ",insert,"))
                monitor.kill()

    def read_until(self, process, text):
        for line in process.stdout:
            if text in line:
                return line
        self.fail(f"{process.args[3]} ended without {text}")


if __name__ == "__main__":
    main()
