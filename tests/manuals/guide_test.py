"""The guide and the README: their links lead somewhere, the commands and options of weft in them exist, their lab files can be read,
and every key of a lab file is told of; in both languages."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

import programs

GUIDES = [programs.PROJECT / "docs/guide" / language for language in ("en", "zh")]
READMES = [programs.PROJECT / name for name in ("README.md", "README.zh-CN.md")]
COMMAND = re.compile(r"\bweft ((?:lab )?[a-z][a-z-]*)((?: +[^`|#\n]*)?)")


def pages():
    return [page for guide in GUIDES for page in sorted(guide.glob("*.md"))] + READMES


def code_in(text):
    """What stands in code, by line; not what programs answer."""
    blocks = re.findall(r"^```(?!yaml)[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    typed = [line for block in blocks for line in block.splitlines() if re.match(r"\S*[#$] ", line)]
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return typed + re.findall(r"^ {4}(\S.*)$", prose, re.MULTILINE) + re.findall(r"`([^`\n]+)`", prose)


def keys_in(schema):
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from keys_in(value)


class Guide(unittest.TestCase):
    def test_has_the_same_chapters_in_both_languages(self):
        english, chinese = ([page.name for page in sorted(guide.glob("*.md"))] for guide in GUIDES)
        self.assertEqual(english, chinese)

    def test_its_links_lead_somewhere(self):
        for page in pages():
            for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
                if "://" not in target:
                    self.assertTrue((page.parent / target).exists(), f"{page.name}: {target}")

    def test_its_commands_and_options_exist(self):
        known = programs.pages_of_weft()
        for page in pages():
            for line in code_in(page.read_text()):
                for words, rest in COMMAND.findall(line):
                    self.assertIn(tuple(words.split()), set(known), f"{page.name}: {line}")
                    unknown = programs.options_in(rest.split(" -- ")[0]) - programs.options_in(known[tuple(words.split())])
                    self.assertEqual(unknown, set(), f"{page.name}: {line}")

    def test_its_labs_can_be_read(self):
        for page in pages():
            for lab in re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
                if not {"hosts:", "networks:"} <= {line.split(" ")[0] for line in lab.splitlines()}:
                    continue
                with tempfile.TemporaryDirectory() as folder:
                    file = pathlib.Path(folder, "lab.yaml")
                    file.write_text(lab)
                    done = subprocess.run([programs.PROGRAMS / "weft", "doctor", "--json", f"--file={file}"],
                                          capture_output=True, text=True)
                    self.assertEqual(done.stderr, "", f"{page.name}:\n{lab}")

    def test_tells_of_every_key_of_a_lab_file(self):
        schema = json.loads((programs.PROJECT / "schema/lab.schema.json").read_text())
        for guide in GUIDES:
            text = (guide / "9-lab-file.md").read_text()
            for key in set(keys_in(schema)):
                self.assertRegex(text, rf"`{key}`|\n## .*{key}", f"{guide.name}: {key}")


if __name__ == "__main__":
    programs.main("weft")
