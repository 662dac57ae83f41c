"""A root shell on a guest's serial console, over a unix socket."""

import re
import select
import socket
import time

from console import StepFailed

PROMPT = re.compile(r"vm\d+# $")
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
TEXT_SHOWN = 200


class Serial:
    def __init__(self, path, name, seconds):
        """Connects to the console of guest `name` and waits for its prompt, at most `seconds`."""
        self.name, self.text, self.turn = name, "", 0
        self.socket = socket.socket(socket.AF_UNIX)
        until = time.monotonic() + seconds
        while True:
            try:
                self.socket.connect(str(path))
                break
            except (FileNotFoundError, ConnectionRefusedError):
                if time.monotonic() > until:
                    raise StepFailed(f"{name}: no console at {path}") from None
                time.sleep(0.05)
        try:
            self._prompt(until)
        except StepFailed:
            self.close()
            raise

    def _prompt(self, until):
        """What was said before we came is lost, so ask again now and then."""
        while True:
            self.socket.sendall(b"\n")
            try:
                self.expect(PROMPT, min(3, max(0.1, until - time.monotonic())))
                return
            except StepFailed:
                if time.monotonic() > until:
                    raise

    def expect(self, pattern, seconds):
        """Reads until the pattern is there; the match."""
        until = time.monotonic() + seconds
        while not (found := pattern.search(self.text)):
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise StepFailed(f"{self.name}: silent for {seconds:.0f} s after {self.text[-TEXT_SHOWN:]!r}")
            data = self.socket.recv(65536)
            if not data:
                raise StepFailed(f"{self.name}: the console was closed after {self.text[-TEXT_SHOWN:]!r}")
            self.text = _TERMINAL_CODES.sub("", self.text + data.decode(errors="replace"))
        self.text = self.text[found.end():]
        return found

    def run(self, command, seconds=30):
        """(exit status, output) of a command on the guest."""
        self.turn += 1
        self.text = ""
        # What the shell echoes has "$?" where the answer has digits.
        self.socket.sendall(f"{command}; echo end-$?-{self.turn}\n".encode())
        found = self.expect(re.compile(rf"([\s\S]*)end-(\d+)-{self.turn}\r?\n"), seconds)
        return int(found[2]), found[1].replace("\r", "").partition("\n")[2]

    def close(self):
        self.socket.close()
