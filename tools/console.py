"""What people see of ./run: a line a step with its time, tables, colour where it helps.

On a terminal the line of the running step is rewritten in place; elsewhere each step is one line once it is done, and
a long one says every minute that it is alive. Colour only on a terminal and without NO_COLOR (no-color.org); marks and
box lines beyond ASCII only where the locale is UTF-8.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time

WIDTH = 80  # Columns, or fewer on a narrow terminal.
LABEL_WIDTH = 14
CLOCK_WIDTH = 8
REDRAW_SECONDS = 0.1
ALIVE_SECONDS = 60

_COLOURS = {"red": 31, "green": 32, "yellow": 33, "blue": 34, "bold": 1, "dim": 2}
_ASCII = str.maketrans("✓✗–…─│┌┐└┘├┤┬┴·→⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏", "+x-.-|++++++++.>|/-\\|/-\\|/")
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class StepFailed(Exception):
    """A step went wrong; the text says what, where, and what to do about it."""

    shown = False  # All of the text stands on the step's line already.


def exit_status(console, action):
    """Runs the action of a program. 1 where a step failed, which is told if it was not yet; 130 where somebody has
    interrupted it; else what the action returns, or 0."""
    try:
        return action() or 0
    except (StepFailed, subprocess.CalledProcessError) as failure:
        if not getattr(failure, "shown", False):
            console.block(str(failure), "red")
        return 1
    except KeyboardInterrupt:
        return 130


class Step:
    """The running step: what it says while it works, and what stays on its line afterwards."""

    def __init__(self, label):
        self.label = label
        self.detail = ""
        self.mark = "ok"

    def say(self, detail):
        self.detail = detail

    def skip(self, reason):
        self.mark, self.detail = "skipped", reason


class Console:
    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self.is_terminal = self.stream.isatty() and os.environ.get("TERM") != "dumb"
        self.colours = self.is_terminal and not os.environ.get("NO_COLOR")
        locale = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or ""
        self.unicode = "utf" in locale.lower()
        columns = shutil.get_terminal_size((WIDTH, 24)).columns if self.is_terminal else WIDTH
        self.width = max(40, min(WIDTH, columns - 1))
        self.began = time.monotonic()

    # --- text ---------------------------------------------------------------------------------------------------

    def colour(self, name, text):
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if self.colours and text else text

    def write(self, text="", end="\n"):
        try:
            self.stream.write((text if self.unicode else text.translate(_ASCII)) + end)
            self.stream.flush()
        except BrokenPipeError:
            # Nobody reads any more: stop, but take down in silence what is up.
            self.stream = open(os.devnull, "w")
            os.dup2(self.stream.fileno(), sys.stdout.fileno())
            raise KeyboardInterrupt from None

    def title(self, name, about):
        self.write()
        self.write(f"{self.colour('bold', name)}  {about}")
        self.write()

    def block(self, text, colour=None):
        """Several lines, set in a little."""
        for line in text.rstrip("\n").split("\n"):
            self.write(f"    {self.colour(colour, line) if colour else line}".rstrip())

    def table(self, headings, rows, paint=None):
        """Columns as wide as their widest cell, the first to the left, the others to the right.

        A heading may have several lines. paint(row, column, text) may give the name of a colour.
        """
        columns = range(len(headings))
        height = max(heading.count("\n") + 1 for heading in headings)
        above = [([""] * height + heading.split("\n"))[-height:] for heading in headings]
        widths = [max(len(str(cell)) for cell in [*above[i], *(row[i] for row in rows)]) for i in columns]
        align = [str.ljust] + [str.rjust] * (len(headings) - 1)
        for line in range(height):
            text = "   ".join(align[i](above[i][line], widths[i]) for i in columns).rstrip()
            self.write("    " + self.colour("dim", text))
        for r, row in enumerate(rows):
            cells = []
            for i, cell in enumerate(row):
                name = paint(r, i, cell) if paint else None
                text = align[i](str(cell), widths[i])
                cells.append(self.colour(name, text) if name else text)
            self.write("    " + "   ".join(cells).rstrip())

    # --- steps --------------------------------------------------------------------------------------------------

    def line(self, mark, label, detail="", seconds=None):
        """One finished step. mark: ok, failed or skipped."""
        sign, name = {"ok": ("✓", "green"), "failed": ("✗", "red"), "skipped": ("–", "yellow")}[mark]
        self.write(self._compose(self.colour(name, sign), label, detail, seconds))

    @contextlib.contextmanager
    def step(self, label):
        """Shows a step while its body runs. StepFailed out of the body ends on the line, and goes on to the caller."""
        step = Step(label)
        began = time.monotonic()
        done = threading.Event()
        painter = threading.Thread(target=self._follow, args=(step, began, done), daemon=True)
        painter.start()
        try:
            yield step
        except BaseException as error:
            step.mark = "failed"
            if isinstance(error, StepFailed):
                step.detail = str(error).split("\n")[0]
                error.shown = len(str(error)) <= self._detail_width()
            elif isinstance(error, KeyboardInterrupt):
                step.detail = "interrupted"
            raise
        finally:
            done.set()
            painter.join()
            if self.is_terminal:
                self.write("\r\x1b[K", end="")
            self.line(step.mark, step.label, step.detail, time.monotonic() - began)

    def _follow(self, step, began, done):
        turn = 0
        while not done.wait(REDRAW_SECONDS if self.is_terminal else ALIVE_SECONDS):
            seconds = time.monotonic() - began
            if self.is_terminal:
                sign = self.colour("blue", _SPINNER[turn % len(_SPINNER)])
                shown = self._compose(sign, step.label, step.detail, seconds if seconds >= 1 else None)
                self.write("\r\x1b[K" + shown, end="")
            else:
                self.write(self._compose("·", step.label, step.detail or "still at work", seconds))
            turn += 1

    def _compose(self, sign, label, detail, seconds):
        clock = "" if seconds is None else f"{seconds:.1f} s"
        room = self._detail_width()
        detail = " ".join(str(detail).split())
        if len(detail) > room:
            detail = detail[: room - 1] + "…"
        return f"  {sign} {label.ljust(LABEL_WIDTH)}  {detail.ljust(room)}{self.colour('dim', clock.rjust(CLOCK_WIDTH))}".rstrip()

    def _detail_width(self):
        return self.width - 4 - LABEL_WIDTH - 2 - CLOCK_WIDTH

    def elapsed(self):
        seconds = time.monotonic() - self.began
        return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"
