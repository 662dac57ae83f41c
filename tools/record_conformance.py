#!/usr/bin/python3
"""Records what a real ovsdb-server answers, for the cases in tests/conformance/cases.

usage: record_conformance.py [CASE.json...]     (none: all)

A case file says what it is about and holds requests; this fills in the replies:

    {"about": "...", "locks": ["l"], "exchanges": [{"request": [OPERATION...], "reply": [RESULT...]}, ...]}

Each case runs on a fresh server and on one connection, that first asks for the locks. In a file a UUID that the
server chose is <N>, numbered as it appears first; requests may use the names of earlier replies. Texts for people
("details", "syntax") are left out, sets, maps and rows are sorted: they have no order of their own.
"""

import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent.parent / "tests" / "conformance"
SCHEMA = HERE / "kinds.ovsschema"
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
START_SECONDS = 5


class Server:
    """A real ovsdb-server with an empty database, and one connection to it."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        database = self.directory / "kinds.db"
        path = self.directory / "db.sock"
        subprocess.run(["ovsdb-tool", "create", database, SCHEMA], check=True)
        self.process = subprocess.Popen(
            ["ovsdb-server", f"--remote=punix:{path}", f"--unixctl={self.directory / 'ctl'}", "--no-chdir",
             "-vconsole:off", database])
        self.socket = socket.socket(socket.AF_UNIX)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.socket.connect(str(path))
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
        self.buffer = ""

    def call(self, method, params):
        self.socket.sendall(json.dumps({"method": method, "params": params, "id": 1}).encode())
        while True:
            message = self.receive()
            if message.get("id") == 1:
                return message["error"] if message["error"] is not None else message["result"]

    def receive(self):
        decoder = json.JSONDecoder()
        while True:
            try:
                message, end = decoder.raw_decode(self.buffer)
                self.buffer = self.buffer[end:].lstrip()
                return message
            except ValueError:
                received = self.socket.recv(65536)
                if not received:
                    raise ConnectionError("the server closed the connection")
                self.buffer += received.decode()

    def stop(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()


class Names:
    """The placeholders of one case for UUIDs."""

    def __init__(self):
        self.uuid_of = {}
        self.name_of = {}

    def hide(self, value):
        if isinstance(value, str) and UUID.match(value):
            if value not in self.name_of:
                name = f"<{len(self.name_of)}>"
                self.name_of[value] = name
                self.uuid_of[name] = value
            return self.name_of[value]
        if isinstance(value, list):
            return ordered([self.hide(element) for element in value])
        if isinstance(value, dict):
            hidden = {key: self.hide(value[key]) for key in sorted(value) if key not in ("details", "syntax")}
            if "rows" in hidden:
                hidden["rows"].sort(key=text)
            return hidden
        return value

    def show(self, value):
        if isinstance(value, str):
            return self.uuid_of.get(value, value)
        if isinstance(value, list):
            return [self.show(element) for element in value]
        if isinstance(value, dict):
            return {key: self.show(element) for key, element in value.items()}
        return value


def ordered(array):
    if len(array) == 2 and array[0] in ("set", "map") and isinstance(array[1], list):
        array[1].sort(key=text)
    return array


def text(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def lines(entries):
    if not isinstance(entries, list) or not entries:
        return text(entries)
    return "[\n" + ",\n".join("      " + text(entry) for entry in entries) + "]"


def write(path, case):
    parts = [f'  "about": {text(case["about"])}']
    if "locks" in case:
        parts.append(f'  "locks": {text(case["locks"])}')
    exchanges = ['    {"request": %s,\n     "reply": %s}' % (lines(each["request"]), lines(each["reply"]))
                 for each in case["exchanges"]]
    parts.append('  "exchanges": [\n' + ",\n".join(exchanges) + "]")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n")


def record(path):
    case = json.loads(path.read_text())
    names = Names()
    with tempfile.TemporaryDirectory() as directory:
        server = Server(directory)
        try:
            for lock in case.get("locks", []):
                server.call("lock", [lock])
            for exchange in case["exchanges"]:
                reply = server.call("transact", ["Kinds"] + names.show(exchange["request"]))
                exchange["reply"] = names.hide(reply)
        finally:
            server.stop()
    write(path, case)


def main():
    paths = [pathlib.Path(name) for name in sys.argv[1:]] or sorted((HERE / "cases").glob("*.json"))
    for path in paths:
        record(path)
        print(path.name)


if __name__ == "__main__":
    main()
