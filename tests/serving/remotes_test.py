"""Remotes of ovsdb-server: TCP, TLS and connections that it makes itself, as rows of its database configure them.

python3 remotes_test.py [Class.test]; WEFT_BIN is where our programs are. Open vSwitch's ovsdb-client is the peer where it
is there. Everything is on the loopback, at ports that the kernel chooses. Exit status as tests/system/system.py.
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
import unittest

from served import BIN, OPEN_VSWITCH, SECONDS_MAX, Served, main, wait_until

STRINGS = {"key": "string", "min": 0, "max": "unlimited"}
MAP = {"key": "string", "value": "string", "min": 0, "max": "unlimited"}
OPTIONAL_INTEGER = {"key": "integer", "min": 0, "max": 1}
SCHEMA = {"name": "lab", "version": "1.0.0", "tables": {
    "Root": {"isRoot": True, "columns": {
        "managers": {"type": {"key": {"type": "uuid", "refTable": "Manager"}, "min": 0, "max": "unlimited"}},
        "private_key": {"type": "string"}, "certificate": {"type": "string"}, "ca_cert": {"type": "string"},
        "protocols": {"type": "string"}, "ciphers": {"type": "string"}}},
    "Manager": {"columns": {
        "target": {"type": "string"}, "role": {"type": "string"}, "read_only": {"type": "boolean"},
        "inactivity_probe": {"type": OPTIONAL_INTEGER}, "max_backoff": {"type": OPTIONAL_INTEGER},
        "is_connected": {"type": "boolean", "ephemeral": True}, "status": {"type": MAP, "ephemeral": True}}},
    "RBAC_Role": {"isRoot": True, "columns": {
        "name": {"type": "string"},
        "permissions": {"type": {"key": "string", "value": {"type": "uuid", "refTable": "RBAC_Permission",
                                                           "refType": "weak"}, "min": 0, "max": "unlimited"}}}},
    "RBAC_Permission": {"isRoot": True, "columns": {
        "table": {"type": "string"}, "authorization": {"type": STRINGS}, "insert_delete": {"type": "boolean"},
        "update": {"type": STRINGS}}},
    "Color": {"isRoot": True, "columns": {"creator": {"type": "string"}, "name": {"type": "string"}}}}}
ROLE = [{"op": "insert", "table": "RBAC_Permission", "uuid-name": "p", "row": {
            "table": "Color", "authorization": "creator", "insert_delete": True, "update": "name"}},
        {"op": "insert", "table": "RBAC_Role", "row": {
            "name": "painter", "permissions": ["map", [["Color", ["named-uuid", "p"]]]]}}]


class Pki:
    """A certificate authority, and keys and certificates that it has signed."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=lab CA",
                     "-keyout", "ca-key.pem", "-out", "ca-cert.pem")

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def make(self, name):
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", f"{name}-key.pem",
                     "-out", f"{name}-req.pem")
        self.openssl("x509", "-req", "-days", "2", "-in", f"{name}-req.pem", "-CA", "ca-cert.pem", "-CAkey", "ca-key.pem",
                     "-CAcreateserial", "-out", f"{name}-cert.pem")

    def files(self, name):
        return {"private_key": f"{self.folder}/{name}-key.pem", "certificate": f"{self.folder}/{name}-cert.pem",
                "ca_cert": f"{self.folder}/ca-cert.pem"}

    def options(self, name):
        return [f"--{key.replace('_', '-')}={path}" for key, path in self.files(name).items()]


class RemotesTest(unittest.TestCase):
    def setUp(self):
        self.server = Served(self)
        self.server.create("db", SCHEMA)
        self.options = ["--remote=db:lab,Root,managers"]

    def start(self, *managers, **root):
        """Each manager is a row's columns; `root` is more of the row that refers to them."""
        self.server.start("db", *self.options)
        self.admin = self.server.client()
        rows = [{"op": "insert", "table": "Manager", "uuid-name": f"m{i}", "row": row} for i, row in enumerate(managers)]
        references = ["set", [["named-uuid", f"m{i}"] for i in range(len(managers))]]
        self.transact(*ROLE, *rows, {"op": "insert", "table": "Root", "row": {"managers": references, **root}})

    def transact(self, *operations):
        results = self.admin.ask("transact", "lab", *operations)
        self.assertTrue(all("error" not in result for result in results if result is not None), results)
        self.assertNotIn(None, results)
        return results

    def manager(self, target):
        row = self.transact({"op": "select", "table": "Manager", "where": [["target", "==", target]]})[0]["rows"][0]
        return row["is_connected"], dict(row["status"][1])

    def port(self, target):
        wait_until(lambda: "bound_port" in self.manager(target)[1], f"{target} has a port")
        return int(self.manager(target)[1]["bound_port"])

    def change(self, target, **columns):
        self.transact({"op": "update", "table": "Manager", "where": [["target", "==", target]], "row": columns})

    def log(self):
        return self.server.said()

    @contextlib.contextmanager
    def connection(self, port):
        with socket.create_connection(("127.0.0.1", port), SECONDS_MAX) as connection:
            connection.settimeout(SECONDS_MAX)
            yield connection

    def clients(self):
        """ovsdb-client: ours, and Open vSwitch's."""
        return [BIN / "ovsdb-client"] + [path for name, path in OPEN_VSWITCH.items()
                                         if name == "ovsdb-client" and path.exists()]

    def list_dbs(self, client, remote, *options):
        return self.server.run(client, "--timeout=10", *options, "list-dbs", remote)

    def check_lists(self, remote, *options):
        for client in self.clients():
            done = self.list_dbs(client, remote, *options)
            self.assertEqual(done.stdout.split(), ["_Server", "lab"], f"{client}: {done.stderr}")


class Listening(RemotesTest):
    def test_at_addresses_of_both_kinds(self):
        self.start({"target": "ptcp:0:127.0.0.1"}, {"target": "ptcp:0:[::1]"})
        self.check_lists(f"tcp:127.0.0.1:{self.port('ptcp:0:127.0.0.1')}")
        self.check_lists(f"tcp:[::1]:{self.port('ptcp:0:[::1]')}")
        self.assertRegex(self.log(), r"socket_util\|INFO\|0:127.0.0.1: listening on port \d+")

    def test_tells_who_is_connected(self):
        self.start({"target": "ptcp:0:127.0.0.1"})
        port = self.port("ptcp:0:127.0.0.1")
        self.assertFalse(self.manager("ptcp:0:127.0.0.1")[0])
        with self.connection(port), self.connection(port):
            wait_until(lambda: self.manager("ptcp:0:127.0.0.1")[1].get("n_connections") == "2", "both are counted")
            self.assertTrue(self.manager("ptcp:0:127.0.0.1")[0])

    def test_ends_with_its_row(self):
        self.start({"target": "ptcp:0:127.0.0.1"})
        with self.connection(self.port("ptcp:0:127.0.0.1")) as connection:
            self.transact({"op": "update", "table": "Root", "where": [], "row": {"managers": ["set", []]}})
            self.assertEqual(connection.recv(1), b"")
        self.assertIn("ptcp:0:127.0.0.1: remote deconfigured", self.log())

    def test_one_bad_target_does_not_keep_others_from_working(self):
        self.start({"target": "foo:bar"}, {"target": "ptcp:x"}, {"target": "ptcp:0:127.0.0.1"})
        self.check_lists(f"tcp:127.0.0.1:{self.port('ptcp:0:127.0.0.1')}")
        self.assertEqual(self.manager("foo:bar")[1]["state"], "BACKOFF")
        self.assertIn("expected", self.manager("ptcp:x")[1]["last_error"])

    def test_takes_a_port_when_it_becomes_free(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            target = f"ptcp:{other.getsockname()[1]}:127.0.0.1"
            self.start({"target": target})
            wait_until(lambda: "in use" in self.manager(target)[1].get("last_error", ""), "the reason is told")
        self.port(target)

    def test_read_only_refuses_changes_and_answers_questions(self):
        self.start({"target": "ptcp:0:127.0.0.1", "read_only": True})
        remote = f"tcp:127.0.0.1:{self.port('ptcp:0:127.0.0.1')}"
        insert = ["lab", {"op": "insert", "table": "Color", "row": {}}]
        done = self.server.run(BIN / "ovsdb-client", "transact", remote, json.dumps(insert))
        self.assertEqual(json.loads(done.stdout), [{"error": "not allowed", "details": (
            "insert operation not allowed when database server is in read only mode")}])
        self.check_lists(remote)
        self.change("ptcp:0:127.0.0.1", read_only=False)
        wait_until(lambda: "uuid" in self.server.run(BIN / "ovsdb-client", "transact", remote, json.dumps(insert)).stdout,
                   "it may write now")

    def test_many_connections_do_not_lock_out_the_host_s_own_programs(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.start({"target": "ptcp:0:127.0.0.1", "inactivity_probe": 0})
        port = self.port("ptcp:0:127.0.0.1")
        before = self.memory_kib()
        with contextlib.ExitStack() as stack:
            held = [stack.enter_context(self.connection(port)) for _ in range(1000)]
            for _ in range(9000):
                with self.connection(port):
                    pass
            self.check_lists(self.server.remote)
            grown = self.memory_kib() - before
            print(f"10000 connections, {len(held)} at once: {grown} KiB more")
            self.assertLess(grown, 64 << 10)
        lines = len(re.findall("said nothing makes room", self.log()))
        self.assertTrue(0 < lines < 100, f"{lines} lines in the log")

    def memory_kib(self):
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


class Probing(RemotesTest):
    def test_drops_a_peer_that_does_not_answer_and_keeps_one_that_does(self):
        self.start({"target": "ptcp:0:127.0.0.1", "inactivity_probe": 100})
        with self.connection(self.port("ptcp:0:127.0.0.1")) as connection:
            for _ in range(5):
                self.assertEqual(json.loads(connection.recv(4096)), {"id": "echo", "method": "echo", "params": []})
                connection.sendall(b'{"id":"echo","result":[],"error":null}')
            connection.recv(4096)
            self.assertEqual(connection.recv(4096), b"")
        self.assertIn("no response to inactivity probe after 0.1 seconds, disconnecting", self.log())


class Connecting(RemotesTest):
    def setUp(self):
        super().setUp()
        self.listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(self.listener.close)
        self.listener.settimeout(SECONDS_MAX)
        self.path = self.server.folder / "manager.sock"
        self.target = f"unix:{self.path}"

    def listen(self):
        self.listener.bind(str(self.path))
        self.listener.listen(1)

    def accept(self):
        peer = self.listener.accept()[0]
        self.addCleanup(peer.close)
        peer.settimeout(SECONDS_MAX)
        return peer

    def test_serves_who_it_has_connected_to_and_tells_his_locks(self):
        self.listen()
        self.start({"target": self.target})
        peer = self.accept()
        peer.sendall(b'{"id":1,"method":"lock","params":["mine"]}')
        self.assertEqual(json.loads(peer.recv(4096))["result"], {"locked": True})
        wait_until(lambda: self.manager(self.target)[1].get("locks_held") == "mine", "the lock is told")
        is_connected, status = self.manager(self.target)
        self.assertTrue(is_connected)
        self.assertEqual(status["state"], "ACTIVE")
        self.assertIn("sec_since_connect", status)

    def test_tries_again_until_somebody_listens_and_after_he_has_gone(self):
        self.start({"target": self.target})
        wait_until(lambda: self.manager(self.target)[1].get("state") == "BACKOFF", "nobody is there")
        self.assertEqual(self.manager(self.target)[1]["last_error"], "No such file or directory")
        self.listen()
        self.accept().close()
        self.accept()
        self.assertIn(f"reconnect|INFO|{self.target}: connecting...", self.log())
        self.assertIn(f"reconnect|INFO|{self.target}: connection closed by peer", self.log())

    def test_connects_by_name_to_ovs_vsctl_s_kind_of_listener(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.settimeout(SECONDS_MAX)
            self.start({"target": f"tcp:localhost:{listener.getsockname()[1]}"})
            with listener.accept()[0] as peer:
                peer.settimeout(SECONDS_MAX)
                peer.sendall(b'{"id":1,"method":"echo","params":["x"]}')
                self.assertEqual(json.loads(peer.recv(4096))["result"], ["x"])


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class Tls(RemotesTest):
    TARGET = "pssl:0:127.0.0.1"

    def setUp(self):
        super().setUp()
        self.pki = Pki(self.server.folder)
        for name in ("server", "ann", "bob"):
            self.pki.make(name)

    def start_tls(self, root=(), **manager):
        """`root`: columns of that table that stand for options, and their values."""
        columns = self.pki.files("server") | dict(root)
        self.options += [f"--{name.replace('_', '-')}=db:lab,Root,{name}" for name in self.pki.files("server")]
        self.options += [f"--ssl-{name}=db:lab,Root,{name}" for name, _ in root]
        self.start({"target": self.TARGET, **manager}, **columns)
        self.number = self.port(self.TARGET)
        return f"ssl:127.0.0.1:{self.number}"

    def test_serves_who_has_a_certificate_of_its_ca_and_nobody_else(self):
        remote = self.start_tls()
        self.check_lists(remote, *self.pki.options("ann"))
        other = self.server.folder / "other"
        other.mkdir()
        strangers = Pki(other)
        strangers.make("ann")
        files = strangers.options("ann")[:2] + [f"--ca-cert={self.server.folder}/ca-cert.pem"]
        for client in self.clients():
            self.assertNotEqual(self.list_dbs(client, remote, *files).returncode, 0)
        for client in self.clients():
            self.assertNotEqual(self.list_dbs(client, f"tcp:127.0.0.1:{self.number}").returncode, 0)
        self.check_lists(self.server.remote)

    def ciphers_by_version(self):
        said = {}
        for version in ("-tls1_1", "-tls1_2", "-tls1_3"):
            done = subprocess.run(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{self.number}", version, "-cipher", "ALL:@SECLEVEL=0",
                 "-key", self.pki.files("ann")["private_key"], "-cert", self.pki.files("ann")["certificate"]],
                capture_output=True, text=True, input="", timeout=SECONDS_MAX, check=False)
            said[version] = re.search(r"Cipher is (\S+)", done.stdout + "Cipher is (NONE)")[1]
        return said

    def test_takes_protocols_and_ciphers_from_the_database(self):
        self.start_tls([("protocols", "TLSv1.2,TLSv1.1"), ("ciphers", "ECDHE-RSA-AES256-GCM-SHA384")])
        self.assertEqual(self.ciphers_by_version(), {
            "-tls1_1": "(NONE)", "-tls1_2": "ECDHE-RSA-AES256-GCM-SHA384", "-tls1_3": "(NONE)"})

    def test_speaks_tls_1_2_and_1_3_only(self):
        self.start_tls()
        said = self.ciphers_by_version()
        self.assertEqual(said["-tls1_1"], "(NONE)")
        self.assertNotEqual(said["-tls1_2"], "(NONE)")
        self.assertNotEqual(said["-tls1_3"], "(NONE)")

    def test_takes_a_renewed_certificate_without_a_restart(self):
        remote = self.start_tls()
        self.check_lists(remote, *self.pki.options("ann"))
        self.pki.make("new-server")
        for kind in ("key", "cert"):
            os.replace(self.server.folder / f"new-server-{kind}.pem", self.server.folder / f"server-{kind}.pem")
        self.check_lists(remote, *self.pki.options("ann"))
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.number}"], capture_output=True,
                              text=True, input="", timeout=SECONDS_MAX, check=False)
        self.assertIn("CN = new-server", done.stdout)

    def test_serves_others_while_some_send_garbage_or_stop_within_the_handshake(self):
        remote = self.start_tls()
        with contextlib.ExitStack() as stack:
            for i in range(200):
                connection = stack.enter_context(self.connection(self.number))
                with contextlib.suppress(ConnectionError):  # It may be thrown out before we have said all.
                    connection.sendall(os.urandom(2000) if i % 2 else b"\x16\x03\x01\x02\x00\x01")
            self.check_lists(remote, *self.pki.options("ann"))
            self.check_lists(self.server.remote)
        self.assertLess(len(re.findall("SSL_accept", self.log())), 100)

    def test_connects_to_a_manager_by_tls(self):
        self.start_tls()
        with socket.create_server(("127.0.0.1", 0)) as free:
            number = free.getsockname()[1]
        self.transact({"op": "update", "table": "Manager", "where": [], "row": {"target": f"ssl:127.0.0.1:{number}"}})
        done = self.list_dbs(BIN / "ovsdb-client", f"pssl:{number}:127.0.0.1", *self.pki.options("ann"))
        self.assertEqual(done.stdout.split(), ["_Server", "lab"], done.stderr)

    def test_a_role_lets_each_client_change_only_what_is_his(self):
        remote = self.start_tls(role="painter")

        def say(name, operation):
            done = self.server.run(self.clients()[-1], "transact", remote, *self.pki.options(name),
                                   json.dumps(["lab", operation]))
            return json.loads(done.stdout)[0]

        insert = {"op": "insert", "table": "Color", "row": {"creator": "ann", "name": "red"}}
        rename = {"op": "update", "table": "Color", "where": [], "row": {"name": "blue"}}
        self.assertEqual(say("bob", insert), {"error": "permission error", "details": (
            'RBAC rules for client "bob" role "painter" prohibit row insertion into table "Color".')})
        self.assertIn("uuid", say("ann", insert))
        self.assertEqual(say("bob", rename)["error"], "permission error")
        self.assertEqual(say("ann", rename), {"count": 1})
        self.assertEqual(say("bob", {"op": "delete", "table": "Color", "where": []})["error"], "permission error")


class Options(RemotesTest):
    def test_that_name_no_place_in_a_database_are_refused_in_open_vswitch_s_words(self):
        for option, told in (("--remote=db:lab,Root", '"db:lab,Root": invalid syntax'),
                             ("--remote=db:no,Root,managers", '"db:no,Root,managers": no database named no'),
                             ("--private-key=db:lab,Root,x", '"db:lab,Root,x": table "Root" has no column "x"'),
                             ("--private-key=db:lab,Root,managers",
                              '"db:lab,Root,managers": table "Root" column "managers" is not string or set of strings')):
            for program in [BIN / "ovsdb-server", OPEN_VSWITCH["ovsdb-server"]]:
                if not program.exists():
                    continue
                done = self.server.run(program, "db", option)
                self.assertEqual((done.returncode, done.stderr.strip()), (1, f"ovsdb-server: {told}"), program)


if __name__ == "__main__":
    main()
