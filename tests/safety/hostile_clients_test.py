"""Clients that wish the server ill: its memory stays bounded, and a bystander's requests go on being answered.

Each test prints the server's largest resident size, and the bystander's answers with their median and worst time.
python3 hostile_clients_test.py [Class.test]; WEFT_BIN is where our programs are. Exit status as tests/system/system.py.
"""

import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "serving"))

from remotes_test import Pki  # noqa: E402
from served import SECONDS_MAX, Served, main, wait_until  # noqa: E402

# ServerLimits::held_bytes, twice what the largest request takes when it is parsed, and what the server needs itself.
RSS_MAX_MB = 1024 + 2 * 400 + 100
# Of who says nothing, or is turned away: only descriptors and a few buffers.
RSS_IDLE_MAX_MB = 100
CONNECTIONS = 10_000
TRANSACTIONS = 1_000_000
CROWD = 300  # Below the server's limit of clients.
PATIENCE_SECONDS = 240  # The attack may take the machine's time, too.
SCHEMA = {"name": "Lab", "version": "1.0.0", "tables": {"Row": {"isRoot": True, "columns": {
    "number": {"type": "integer"}, "text": {"type": "string"}}}}}


class Hostile(unittest.TestCase):
    remotes = ()

    def setUp(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = CONNECTIONS + 1000
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
        self.crowd = contextlib.ExitStack()
        self.addCleanup(self.crowd.close)
        self.server = Served(self)
        self.server.create("lab.db", SCHEMA)
        self.server.start("lab.db", *self.remotes)
        uuid = self.server.client().ask("transact", "Lab", {"op": "insert", "table": "Row", "row": {}})[0]["uuid"][1]
        self.bystander = subprocess.Popen(
            [sys.executable, "-B", str(HERE / "bystander.py"), str(self.server.socket), "Lab", "Row", uuid],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.stop_bystander)
        self.assertEqual(self.bystander.stdout.readline(), "ready\n")

    def stop_bystander(self):
        if self.bystander.poll() is None:
            self.bystander.kill()
        self.bystander.communicate()

    def finish(self, what, rss_max_mb):
        """After the attack: what the bystander has seen, and what the server has taken."""
        said, complaint = self.bystander.communicate(timeout=PATIENCE_SECONDS)
        self.assertEqual(self.bystander.returncode, 0, complaint)
        seen = json.loads(said)
        self.assertGreater(seen["answers"], 0)
        self.assertIsNone(self.server.process.poll(), "the server has died")
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        peak = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
        print(f"{what}: server at most {peak:.0f} MB (bound {rss_max_mb}); bystander: {seen['answers']} right answers, "
              f"median {seen['median_ms']:.2f} ms, worst {seen['worst_ms']:.1f} ms", file=sys.stderr)
        self.assertLess(peak, rss_max_mb)
        # Who comes afterwards is served.
        self.crowd.close()
        self.assertTrue(self.newcomer_is_served(), "who comes afterwards is not served")

    def newcomer_is_served(self):
        try:
            client = self.server.client()
            client.socket.settimeout(PATIENCE_SECONDS)
            return client.ask("list_dbs") == ["Lab", "_Server"]
        except (AssertionError, OSError):
            return False

    # --- what hostile clients do ------------------------------------------------------------------------------------

    def connect(self):
        connection = self.crowd.enter_context(socket.socket(socket.AF_UNIX))
        connection.connect(str(self.server.socket))
        connection.settimeout(PATIENCE_SECONDS)
        return connection

    @staticmethod
    def say(connection, text):
        """False: it was thrown out."""
        try:
            connection.sendall(text)
        except ConnectionError:
            return False
        return True

    def is_thrown_out(self, connection):
        """Waits for it."""
        try:
            while connection.recv(1 << 16):
                pass
        except ConnectionError:
            pass
        except TimeoutError:
            return False
        return True

    def pour(self, connection, chunk, count, seconds=1):
        """Says `chunk` again and again: how often, until it is thrown out or the server takes none of it for `seconds`."""
        connection.settimeout(seconds)
        for i in range(count):
            try:
                if not self.say(connection, chunk):
                    return i
            except TimeoutError:
                return i
        return count

    # --- the attacks ------------------------------------------------------------------------------------------------

    def test_half_messages_of_a_crowd(self):
        thrown_out = 0
        for number in range(CROWD):
            half = b'{"method":"transact","params":[' + (b'"' + b"x" * (1 << 20) if number % 2 else b"[]," * (1 << 18))
            thrown_out += not self.say(self.connect(), half)
        self.finish(f"half messages of {CROWD} clients, about a megabyte each, of which {thrown_out} saw an end", RSS_MAX_MB)

    def test_endless_messages(self):
        for begin, chunk in ((b'{"method":"', b"x" * 65536), (b'{"a":[', b"1," * 32768), (b'{"a":[', b"[]," * 20000),
                             (b'{"a":[', b"{}," * 20000), (b'{"a":1', b"0" * 65536), (b'{"a":', b" " * 65536),
                             (b'{"a":{', b'"":1,' * 10000)):
            connection = self.connect()
            self.say(connection, begin)
            said = self.pour(connection, chunk, 1000, PATIENCE_SECONDS)
            self.assertLess(said, 1000, f"{begin + chunk[:10]} has no end")
            self.assertTrue(self.is_thrown_out(connection))
        self.finish("endless messages", RSS_MAX_MB)

    def test_endless_white_space_is_nothing(self):
        self.pour(self.connect(), b" \n" * 32768, 2000)
        self.finish("125 MB of white space", RSS_IDLE_MAX_MB)

    def test_deep_nesting(self):
        for opening in (b"[", b'{"a":'):
            for depth in (1000, 1_000_000):
                connection = self.connect()
                self.say(connection, b'{"method":"echo","id":1,"params":' + opening * depth)
                self.assertTrue(self.is_thrown_out(connection), f"{depth} times {opening}")
        # As deep as is allowed, where it is looked into.
        for params in ([], ["Lab", {"op": "select", "table": "Row", "where": []}]):
            deep = []
            for _ in range(250):
                deep = [deep]
            client = self.server.client()
            client.ask("transact", *params, deep)
            client.ask("monitor_cond", "Lab", deep, {"Row": [{"where": deep}]})
            client.ask("convert", "Lab", {"name": "Lab", "tables": deep})
        self.finish("deep nesting", RSS_IDLE_MAX_MB)

    def test_many_transactions_whose_answers_nobody_reads(self):
        transaction = json.dumps({"method": "transact", "id": 1, "params": [
            "Lab", {"op": "update", "table": "Row", "where": [["number", "==", -1]], "row": {"text": "x"}}]}).encode()
        batch = transaction * 1000
        said = self.pour(self.connect(), batch, TRANSACTIONS // 1000) * 1000
        durable = json.dumps({"method": "transact", "id": 1, "params": [
            "Lab", {"op": "select", "table": "Row", "where": []}, {"op": "commit", "durable": True}]}).encode()
        said_durable = self.pour(self.connect(), durable * 1000, TRANSACTIONS // 1000) * 1000
        self.finish(f"transactions without reading answers: the server took {said}, and {said_durable} durable ones, of "
                    f"{TRANSACTIONS}", RSS_IDLE_MAX_MB)

    def test_many_transactions_by_one_who_reads(self):
        """The same from one who does read, late: each is answered, in order."""
        client = self.connect()
        count, heard, said = TRANSACTIONS // 20, b"", 0
        client.setblocking(False)
        unsaid = b"".join(b'{"method":"transact","params":["Lab"],"id":%d}' % number for number in range(count))
        until = time.monotonic() + 120
        while heard.count(b"}") < count and time.monotonic() < until:
            with contextlib.suppress(BlockingIOError):
                said += client.send(unsaid[said:said + 65536])
            with contextlib.suppress(BlockingIOError):
                heard += client.recv(1 << 20)
        answers = [int(number) for number in re.findall(rb'"id":(\d+)', heard)]
        self.assertEqual(answers, list(range(count)))
        self.finish(f"{count} transactions in one go", RSS_IDLE_MAX_MB)

    def test_large_answers_that_nobody_reads(self):
        """A crowd asks for large answers and leaves them."""
        client = self.server.client()
        for _ in range(4):
            client.ask("transact", "Lab", {"op": "insert", "table": "Row", "row": {"text": "x" * (1 << 20)}})
        crowd = [self.connect() for _ in range(CROWD // 5)]
        for connection in crowd:
            self.say(connection, b'{"method":"transact","id":1,"params":["Lab",{"op":"select","table":"Row",'
                                 b'"where":[["number","==",0]]}]}')
        for connection in crowd:  # Until each has its answer, or is thrown out.
            with contextlib.suppress(ConnectionError):
                connection.recv(1, socket.MSG_PEEK)
        self.finish(f"{CROWD // 5} answers of 4 MB that nobody reads", RSS_MAX_MB)

    def test_monitors_and_waits_with_large_conditions(self):
        """What lasts beyond a request is counted, too."""
        clause = b'["number","==",7],'
        where = clause * 100_000 + b'["number","==",7]'
        for _ in range(4):
            connection = self.connect()
            for number in range(5):
                if not self.say(connection, b'{"id":1,"method":"monitor_cond","params":["Lab",%d,{"Row":[{"where":[%s]}]}]}'
                                % (number, where)):
                    break
        self.finish("monitors with conditions of 1.8 MB, 5 each of 4 clients", RSS_MAX_MB)

    def test_ten_thousand_connections_that_say_nothing(self):
        count = 0
        for _ in range(CONNECTIONS):
            try:
                self.connect()
            except OSError:
                break
            count += 1
        # The queue of those who wait to be accepted may be full for a moment.
        wait_until(self.newcomer_is_served, "who says nothing does not lock others out")
        self.finish(f"{count} connections that say nothing", RSS_IDLE_MAX_MB)


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class HostileTls(Hostile):
    """The same over the network: only what differs is tried again."""

    def setUp(self):
        pki = Pki(self.enterContext(tempfile.TemporaryDirectory(prefix="weft-pki-")))
        pki.make("server")
        self.remotes = ("--remote=pssl:0:127.0.0.1", *pki.options("server"))
        super().setUp()
        wait_until(lambda: "listening on port" in self.server.said(), "the port")
        self.number = int(re.search(r"listening on port (\d+)", self.server.said())[1])

    def connect(self):
        return self.crowd.enter_context(socket.create_connection(("127.0.0.1", self.number), SECONDS_MAX))

    def test_garbage_and_half_open_handshakes(self):
        for number in range(CROWD):
            self.say(self.connect(), (os.urandom(4096), b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc\x03\x03",
                                      b"\x16\x03\x01\xff\xff" + b"x" * 20000, b'{"method":"echo"}')[number % 4])
        self.finish(f"TLS garbage and half handshakes of {CROWD} clients", RSS_IDLE_MAX_MB)

    def test_ten_thousand_connections_that_say_nothing(self):
        count = 0
        for _ in range(CONNECTIONS):
            try:
                self.connect()
            except OSError:
                break
            count += 1
        self.assertTrue(self.newcomer_is_served(), "strangers lock out the host's own programs")
        self.finish(f"{count} connections over the network that say nothing", RSS_IDLE_MAX_MB)


def load_tests(loader, standard, pattern):
    """What HostileTls inherits is not run again."""
    suite = loader.loadTestsFromTestCase(Hostile)
    suite.addTests(HostileTls(name) for name in vars(HostileTls) if name.startswith("test_"))
    return suite


if __name__ == "__main__":
    main()
