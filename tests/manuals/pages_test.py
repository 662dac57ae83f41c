"""Manual pages: without fault to mandoc, and naming every command and option that the programs know, and no other."""

import re
import shutil
import subprocess
import unittest

import programs

PAGES = programs.PROJECT / "docs/man"


class Pages(unittest.TestCase):
    def text(self, name):
        """The page as people read it, on one line."""
        if not shutil.which("mandoc"):
            self.skipTest("mandoc not installed")
        shown = subprocess.run(["mandoc", "-T", "ascii", "-O", "width=1000", PAGES / name], check=True, capture_output=True,
                               text=True).stdout
        return re.sub(r"\s+", " ", re.sub(r".\x08", "", shown))

    def check_options(self, page, known, elsewhere=frozenset()):
        """`elsewhere`: options of other programs, which the page may name."""
        named = programs.options_in(self.text(page))
        self.assertEqual(known - named, set(), f"{page} does not name them")
        self.assertEqual(named - known - elsewhere, set(), f"{page} names them, and there are none")

    def test_have_no_fault(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc not installed")
        for page in sorted(PAGES.glob("*.8")):
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", page], capture_output=True, text=True)
            # The manual's own references are not installed where it is built.
            findings = [line for line in done.stdout.splitlines() if "referenced manual not found" not in line]
            self.assertEqual(findings, [], page.name)

    def test_can_be_read_by_man(self):
        if not shutil.which("man") or not shutil.which("groff"):
            self.skipTest("man or groff not installed")
        for page in sorted(PAGES.glob("*.8")):
            done = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True,
                                  env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"})
            self.assertEqual(done.returncode, 0, page.name)
            self.assertIn("NAME", done.stdout)

    def test_weft_names_every_command_with_its_options(self):
        pages, text = programs.pages_of_weft(), self.text("weft.8")
        for words in pages:
            self.assertIn(" ".join(["weft", *words]), text)
        self.check_options("weft.8", set().union(*map(programs.options_in, pages.values())), {"--detach", "--dport"})

    def test_weftd_names_every_option(self):
        self.check_options("weftd.8", programs.options_in(programs.say("weftd", "--help")))

    def test_ovs_vsctl_names_every_command_with_its_options(self):
        text = self.text("ovs-vsctl.8")
        options = set()
        for line in programs.say("ovs-vsctl", "--commands").splitlines():
            own, command, _ = line.split(",")
            options |= programs.options_in(own)
            syntax = re.escape(own).replace(r"=\]", r"=\S+\]")  # What an option takes has a name in the page.
            self.assertRegex(text, rf"(?<!\w){syntax}{command}\b", command)
        options |= programs.options_in(programs.say("ovs-vsctl", "--options"))
        self.check_options("ovs-vsctl.8", options | programs.options_in(programs.say("ovs-vsctl", "--help")))


if __name__ == "__main__":
    programs.main("weft", "weftd", "ovs-vsctl")
