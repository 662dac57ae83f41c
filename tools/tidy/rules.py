"""What holds for every file of the project, each rule a function from the tree to findings.

A finding is one line: where, what, and what to do. An empty list means that all is well.
"""

import os
import pathlib
import re

# The architecture: a folder includes only itself and folders above it in this list (docs/design/0001-layers.md).
LAYERS = ["bpf", "base", "stream", "jsonrpc", "wire", "schema", "ovsdb", "unixctl", "daemon", "model", "plan", "cli", "vsctl", "dbclient",
          "dbtool", "dbserver", "inspect", "topology", "hosts", "prober", "services", "reconcile", "kernel", "lab", "doctor", "apps"]
LINES_MAX = 500

_CPP = {".cpp", ".hpp", ".c", ".h"}
_CODE = _CPP | {".py", ".sh", ".cmake", ".txt", ".in", ""}
_INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
# Folders of whoever wrote a line, and nobody else's.
_MACHINE_PATH = re.compile(r"(?<![\w.${}-])/(?:work|farm|home/\w+|root|tmp/w)/")
_CHINESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


class Tree:
    """The project's text files, read once. Build output and what git keeps are no part of it."""

    def __init__(self, root):
        self.texts = {}
        for folder, subfolders, names in os.walk(root):
            place = pathlib.Path(folder).relative_to(root)
            subfolders[:] = [s for s in subfolders if s not in (".git", "__pycache__")
                             and not (place == pathlib.Path(".") and s.startswith("build"))]
            for name in names:
                if name == ".git":
                    continue  # A worktree's link to its repository.
                try:
                    self.texts[place / name] = (pathlib.Path(folder) / name).read_text()
                except (UnicodeDecodeError, OSError):
                    continue  # Recorded packets and the like: no text.

    def code(self, suffixes):
        return {path: text for path, text in self.texts.items() if path.suffix in suffixes}


def layer_of(path):
    """The layer a file belongs to; None outside of them. Includes name it first: "base/error.hpp"."""
    parts = path.parts[1:] if path.parts[0] == "src" else path.parts
    return parts[0] if len(parts) > 1 and parts[0] in LAYERS else None


def includes(tree):
    """{file: files of the project it includes}"""
    graph = {}
    for path, text in tree.code(_CPP).items():
        graph[path] = set()
        for name in _INCLUDE.findall(text):
            for candidate in (path.parent / name, pathlib.Path("src") / name, pathlib.Path(name)):
                if candidate in tree.texts:
                    graph[path].add(candidate)
                    break
    return graph


def layer_ranks(tree):
    findings = []
    for path, targets in includes(tree).items():
        layer = layer_of(path)
        for target in sorted(targets):
            used = layer_of(target)
            if layer and used and LAYERS.index(used) > LAYERS.index(layer):
                findings.append(f"{path}: includes {target}, but {used} lies below {layer}: turn the dependency round")
    return findings


def include_cycles(tree):
    graph, findings, done = includes(tree), [], set()

    def visit(path, trail):
        if path in trail:
            cycle = trail[trail.index(path):] + [path]
            findings.append(f"{path}: includes itself: {' -> '.join(map(str, cycle))}")
        elif path not in done:
            for target in sorted(graph.get(path, ())):
                visit(target, trail + [path])
            done.add(path)

    for path in sorted(graph):
        visit(path, [])
    return findings


def dead_headers(tree):
    """A header that only its own .cpp, test or fuzz target includes serves nobody."""
    graph, findings = includes(tree), []
    for header in sorted(path for path in graph if path.suffix in (".hpp", ".h")):
        users = {path for path, targets in graph.items() if header in targets and path != header}
        strangers = {path for path in users if re.sub(r"_(test|fuzz)$", "", path.stem) != header.stem}
        if not strangers:
            findings.append(f"{header}: nobody uses it: delete it")
    return findings


def file_sizes(tree):
    return [f"{path}: {text.count(chr(10))} lines, {LINES_MAX} at most: it probably has two subjects"
            for path, text in sorted(tree.code(_CODE).items()) if text.count("\n") > LINES_MAX and path.name != "LICENSE"]


def machine_paths(tree):
    findings = []
    for path, text in sorted(tree.texts.items()):
        for number, line in enumerate(text.split("\n"), 1):
            if found := _MACHINE_PATH.search(line):
                findings.append(f"{path}:{number}: {found.group(0)} is a folder of one machine: name it otherwise")
    return findings


def english_code(tree):
    return [f"{path}: Chinese in code: say it in English"
            for path, text in sorted(tree.code(_CODE).items()) if _CHINESE.search(text)]


def openings(tree):
    """A header says first what it is, and guards itself."""
    findings = []
    for path, text in sorted(tree.code({".hpp", ".h"}).items()):
        if not text.startswith(("//", "/*")):
            findings.append(f"{path}: does not open with what it is: begin with a comment")
        if path.suffix == ".hpp" and "#pragma once" not in text:
            findings.append(f"{path}: may be included twice: add #pragma once")
    return findings


RULES = [layer_ranks, include_cycles, dead_headers, file_sizes, machine_paths, english_code, openings]
