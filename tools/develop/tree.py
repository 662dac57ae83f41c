"""Where things are in this project, and how a program is run with its output in a log."""

import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from console import StepFailed  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
SANITIZE = BUILD / "sanitize"
LOGS = BUILD / "log"
CORES = len(os.sched_getaffinity(0))
TAIL_LINES = 25


def shown(path):
    """A path as a reader at the project's root would type it."""
    return os.path.relpath(path, ROOT)


def tail(log, lines=TAIL_LINES):
    return "\n".join(log.read_text(errors="replace").rstrip().split("\n")[-lines:])


def run_logged(argv, log, on_line=None, env=None, check=True):
    """Runs argv with its output in `log`, each line also given to on_line. The exit status; StepFailed if not 0."""
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", **(env or {})}
    with log.open("a") as out:
        out.write(f"$ {' '.join(map(str, argv))}\n")
        out.flush()
        try:
            process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                       text=True, errors="replace", env=environment, cwd=ROOT)
        except FileNotFoundError:
            raise StepFailed(f"{argv[0]} is not installed") from None
        try:
            for line in process.stdout:
                out.write(line)
                if on_line:
                    on_line(line)
        except BaseException:
            process.terminate()
            raise
        finally:
            process.wait()
    if check and process.returncode:
        raise StepFailed(f"{pathlib.Path(argv[0]).name} failed: {shown(log)}")
    return process.returncode


def fresh_log(name):
    log = LOGS / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("")
    return log
