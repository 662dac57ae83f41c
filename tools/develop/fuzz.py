"""Runs the fuzz targets (libFuzzer, clang's sanitizers), two at a time or as many as there are cores.

What a target has found worth keeping lies in build/corpus/TARGET; its seeds, if the project has some, in
tests/corpus/TARGET. An input that breaks a target is kept in build/log/fuzz/.
"""

import concurrent.futures
import re

from console import StepFailed
from results import Case
from tree import BUILD, CORES, LOGS, ROOT, SANITIZE, run_logged, shown, tail

INPUT_SECONDS_MAX = 10  # A single input that takes longer is a finding.
MEMORY_MB_MAX = 2048


def targets():
    return sorted(path for path in (SANITIZE / "fuzz").glob("*_fuzz") if path.is_file())


def fuzz(step, name, seconds):
    """Cases, one a target. name: one target, or None for all."""
    chosen = [path for path in targets() if name is None or path.name in (name, f"{name}_fuzz")]
    if name is not None and not chosen:
        raise StepFailed(f"no fuzz target {name}; there are: {', '.join(path.name for path in targets())}")
    done = []

    def one(path):
        case = _run(path, seconds)
        done.append(path)
        step.say(f"{len(done)} of {len(chosen)}: {path.name}")
        return case

    with concurrent.futures.ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(one, chosen))


def _run(path, seconds):
    corpus, seeds, found = BUILD / "corpus" / path.name, ROOT / "tests/corpus" / path.name, LOGS / "fuzz"
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    log = found / f"{path.name}.log"
    log.write_text("")
    status = run_logged([str(path), f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS_MAX}",
                         f"-rss_limit_mb={MEMORY_MB_MAX}", "-print_final_stats=1", f"-artifact_prefix={found}/{path.name}-",
                         str(corpus), *([str(seeds)] if seeds.is_dir() else [])], log, check=False)
    if status == 0:
        return Case("fuzz", path.name, "passed")
    said = re.findall(r"(?:SUMMARY|ERROR): .*", log.read_text(errors="replace"))
    return Case("fuzz", path.name, "failed", f"{said[-1] if said else tail(log, 1)}; see {shown(log)}")
