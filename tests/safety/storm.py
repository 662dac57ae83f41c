"""A storm of transactions whose traces tell exactly which of them are in a database.

Writer w's transaction number n adds PARTS rows of its own, takes away those of its transaction n - KEPT, and notes n as
its last. So whoever knows the last number knows every row that must be there, and every one that must not.
"""

import json
import random
import selectors
import socket

PARTS = 4
KEPT = 8
IN_FLIGHT = 16
FILLER = 300  # Rows that lie there, so that writing everything anew takes a while.
LONGEST_TEXT = 12_000  # A record of several pages may be torn within.
INTEGER = {"type": "integer"}


def schema(has_extra_column=False):
    part = {"writer": INTEGER, "number": INTEGER, "part": INTEGER, "text": {"type": "string"}}
    if has_extra_column:
        part["extra"] = {"type": {"key": "string", "min": 0, "max": 1}}
    return {"name": "Storm", "version": f"1.{int(has_extra_column)}.0", "tables": {
        "Part": {"isRoot": True, "indexes": [["writer", "number", "part"]], "columns": part},
        "Last": {"isRoot": True, "indexes": [["writer"]], "columns": {"writer": INTEGER, "number": INTEGER}},
        "Filler": {"isRoot": True, "columns": {"text": {"type": "string"}}}}}


def first_content(writers):
    """Operations that make the database ready."""
    return [{"op": "insert", "table": "Last", "row": {"writer": writer, "number": 0}} for writer in range(writers)] + \
           [{"op": "insert", "table": "Filler", "row": {"text": f"filler {i} " + "x" * 200}} for i in range(FILLER)]


def transaction(writer, number, durable, text):
    operations = [{"op": "insert", "table": "Part", "row": {
        "writer": writer, "number": number, "part": part, "text": text}} for part in range(PARTS)]
    operations.append({"op": "delete", "table": "Part",
                       "where": [["writer", "==", writer], ["number", "<=", number - KEPT]]})
    operations.append({"op": "update", "table": "Last", "where": [["writer", "==", writer]], "row": {"number": number}})
    return operations + [{"op": "commit", "durable": True}] * durable


def find_tears(found_parts, found_last):
    """What is not as some number of whole transactions would have left it: sentences."""
    parts = {}
    for row in found_parts:
        parts.setdefault(row["writer"], set()).add((row["number"], row["part"], len(row["text"]) > 0))
    for writer, last in found_last.items():
        expected = {(number, part, True) for number in range(max(1, last - KEPT + 1), last + 1) for part in range(PARTS)}
        found = parts.pop(writer, set())
        if found != expected:
            yield f"writer {writer} at {last}: lacks {sorted(expected - found)}, has besides {sorted(found - expected)}"
    if parts:
        yield f"parts of nobody: {parts}"


class Writer:
    """Keeps IN_FLIGHT transactions under way; knows what was promised to it."""

    def __init__(self, number, last, path, randomness):
        self.number = number
        self.random = randomness
        self.sent = self.promised = last
        self.under_way = {}  # By number: whether it asked for the disk.
        self.failures = []
        self.answered = 0
        self.socket = _connect(path)
        _become_aware(self.socket)
        self.text, self.output = "", b""

    def go_on(self):
        while len(self.under_way) < IN_FLIGHT:
            self.sent += 1
            durable = self.random.random() < 0.5
            self.under_way[self.sent] = durable
            text = "x" * self.random.choice((1, 100, self.random.randint(1, LONGEST_TEXT)))
            self._say_more(json.dumps({"method": "transact", "id": self.sent, "params": [
                "Storm", *transaction(self.number, self.sent, durable, text)]}).encode())

    def _say_more(self, text=b""):
        self.output += text
        try:
            self.output = self.output[self.socket.send(self.output):]
        except BlockingIOError:
            pass
        except ConnectionError:
            self.output = b""  # What the server said before it died can still be read.

    def hear(self):
        """False: the server is gone."""
        heard, self.text, is_there = _hear(self.socket, self.text)
        for message in heard:
            self._take(message)
        self._say_more()
        return is_there

    def _take(self, message):
        durable = self.under_way.pop(message["id"])
        self.answered += 1
        if message["error"] is not None or any(isinstance(each, dict) and "error" in each for each in message["result"]):
            self.failures.append(message)
        elif durable:
            self.promised = max(self.promised, message["id"])


class Disturber:
    """Asks for the same thing over and over, one at a time: it is under way most of the time."""

    def __init__(self, path, request, is_database_client):
        self.request = request  # Of the count so far.
        self.asked = self.done = 0
        self.failures = []
        self.socket = _connect(path)
        self.text = ""
        if is_database_client:
            _become_aware(self.socket)
        self.socket.setblocking(True)
        self.go_on()

    def go_on(self):
        try:
            if self.asked == self.done:
                self.socket.sendall(json.dumps(self.request(self.asked) | {"id": self.asked}).encode())
                self.asked += 1
        except ConnectionError:
            pass

    def hear(self):
        """False: the server is gone."""
        heard, self.text, is_there = _hear(self.socket, self.text)
        for message in heard:
            self.done += 1
            self.failures += [message] * (message["error"] is not None)
        return is_there


def _hear(connection, text):
    """Whole answers, the rest of the text, and whether more may come."""
    try:
        received = connection.recv(1 << 16)
    except BlockingIOError:
        return [], text, True
    except ConnectionError:
        return [], text, False
    text += received.decode()
    messages = []
    while text:
        try:
            message, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            break
        text = text[end:].lstrip()
        messages.append(message)
    return messages, text, bool(received)


def _become_aware(connection):
    """Returns when it is: otherwise a conversion would end the connection."""
    connection.setblocking(True)
    connection.sendall(json.dumps({"method": "set_db_change_aware", "params": [True], "id": "aware"}).encode())
    heard = ""
    while not heard.endswith("}"):
        heard += connection.recv(1 << 16).decode()
    assert json.loads(heard)["error"] is None
    connection.setblocking(False)


def _connect(path):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(str(path))
    connection.setblocking(False)
    return connection


def rage(clients, until_gone):
    """Lets the clients go on until their server is gone. `until_gone`: called again and again."""
    with selectors.DefaultSelector() as ready:
        for client in clients:
            ready.register(client.socket, selectors.EVENT_READ, client)
        alive = set(clients)
        while alive:
            until_gone()
            for client in alive:
                client.go_on()
            for key, _ in ready.select(0.005):
                client = key.data
                if not client.hear():
                    ready.unregister(client.socket)
                    client.socket.close()
                    alive.discard(client)


def randomness():
    """Named in the output, so that a failure can be tried again (what the clock does cannot)."""
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}")
    return random.Random(seed)
