"""python3 tools/tidy: checks the whole tree against the rules; exit status 1 where one is broken."""

import pathlib
import sys

from rules import RULES, Tree


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    tree = Tree(root)
    findings = [finding for rule in RULES for finding in rule(tree)]
    for finding in findings:
        print(finding)
    print(f"{len(tree.texts)} files, {len(RULES)} rules, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
