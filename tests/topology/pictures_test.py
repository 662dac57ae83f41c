"""The commands of `weft lab` that are about files: init writes the example, schema prints the file for editors, and graph draws
every example. Pictures are XML that a parser takes, and, where rsvg-convert is installed, that a renderer takes.

Needs neither root nor a lab. Exit status: 0 as expected, 1 not.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest
import xml.dom.minidom

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEFT = pathlib.Path(os.environ.get("WEFT_PROGRAMS", ROOT / "build/bin")) / "weft"
EXAMPLES = sorted((ROOT / "examples").glob("*.yaml"))


def lab(*words, folder=None):
    done = subprocess.run([WEFT, "lab", *map(str, words)], capture_output=True, text=True, cwd=folder, check=False)
    return done.returncode, done.stdout, done.stderr


class Files(unittest.TestCase):
    def test_schema_prints_the_file_for_editors(self):
        self.assertEqual(lab("schema"), (0, (ROOT / "schema/lab.schema.json").read_text(), ""))

    def test_init_writes_the_tutorials_lab_and_touches_no_file_that_is_there(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "first.yaml")
            self.assertEqual(lab("init", file.name, folder=folder)[0], 0)
            self.assertEqual(file.read_text(), (ROOT / "examples/two-hosts.yaml").read_text())
            file.write_text("mine\n")
            status, _, said = lab("init", file.name, folder=folder)
            self.assertEqual(status, 1)
            self.assertIn("first.yaml", said)
            self.assertEqual(file.read_text(), "mine\n")

    def test_graph_draws_every_example(self):
        self.assertGreaterEqual(len(EXAMPLES), 7)
        for example in EXAMPLES:
            with self.subTest(example=example.name):
                status, svg, said = lab("graph", "--format", "svg", example)
                self.assertEqual((status, said), (0, ""))
                self.assertEqual(xml.dom.minidom.parseString(svg).documentElement.tagName, "svg")
                if shutil.which("rsvg-convert"):
                    done = subprocess.run(["rsvg-convert"], input=svg.encode(), capture_output=True, check=False)
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertTrue(done.stdout.startswith(b"\x89PNG"))
                self.assertTrue(lab("graph", "--format", "mermaid", example)[1].startswith("flowchart"))
                self.assertIn("VNI 100", lab("graph", example)[1])

    def test_a_file_that_is_wrong_is_told_with_its_line(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "wrong.yaml")
            file.write_text("hosts: [a]\nnetwork: {}\n")
            status, out, said = lab("graph", file)
            self.assertEqual((status, out), (1, ""))
            self.assertIn('wrong.yaml:2:1: unknown key "network" in the lab; did you mean "networks"?', said)


if __name__ == "__main__":
    unittest.main()
