"""Results are counted as the test programs meant them: nothing skipped, crashed or lost passes."""

import io
import pathlib
import sys
import tempfile
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1])]
from console import Console  # noqa: E402
from results import Case, read_ctest, report  # noqa: E402

GTEST = """<testsuites><testsuite name="Uuid">
<testcase name="prints" status="run" result="completed" classname="Uuid"/>
<testcase name="parses" status="run" classname="Uuid"><failure message="uuid_test.cpp:9&#x0A;Expected: 1"/></testcase>
<testcase name="needs_root" status="run" classname="Uuid"><skipped message="uuid_test.cpp:3&#x0A;needs root"/></testcase>
<testcase name="DISABLED_later" status="notrun" classname="Uuid"/>
</testsuite></testsuites>"""


def read(ctest, **details):
    """Cases of a CTest report, and of what each program left beside it."""
    with tempfile.TemporaryDirectory() as folder:
        for program, text in details.items():
            pathlib.Path(folder, f"{program}.xml").write_text(text)
        junit = pathlib.Path(folder, "ctest-report")
        junit.write_text(f"<testsuite>{ctest}</testsuite>")
        return [(case.name, case.outcome, case.reason) for case in read_ctest("unit", junit, pathlib.Path(folder))]


class Results(unittest.TestCase):
    def test_each_case_of_a_program_counts_with_its_reason(self):
        self.assertEqual(read('<testcase name="base_test" status="fail"><failure message="Failed"/></testcase>',
                              base_test=GTEST),
                         [("Uuid.prints", "passed", ""), ("Uuid.parses", "failed", "uuid_test.cpp:9 Expected: 1"),
                          ("Uuid.needs_root", "skipped", "needs root")])

    def test_a_program_that_crashed_before_it_could_say_so_failed(self):
        self.assertEqual(read('<testcase name="base_test" status="fail"><failure message="SEGFAULT"/>'
                              "<system-out>starting</system-out></testcase>"),
                         [("base_test", "failed", "SEGFAULT: starting")])

    def test_a_program_that_failed_though_its_cases_passed_failed(self):
        passed = '<testsuites><testcase name="a" status="run" classname="A"/></testsuites>'
        self.assertEqual(read('<testcase name="x" status="fail"><failure message="leak"/></testcase>', x=passed),
                         [("A.a", "passed", ""), ("x", "failed", "leak")])

    def test_a_script_that_skips_gives_its_reason(self):
        self.assertEqual(read('<testcase name="schema_test" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>'
                              "<system-out>skipped: no schema here</system-out></testcase>"),
                         [("schema_test", "skipped", "no schema here")])

    def test_a_program_that_is_not_there_failed(self):
        self.assertEqual(read('<testcase name="gone_test" status="notrun"><skipped message=""/></testcase>'),
                         [("gone_test", "failed", "could not be started: is it built?")])

    def test_the_totals_stand_alone_on_the_last_line(self):
        out = io.StringIO()
        report(Console(out), [Case("unit", "a", "passed"), Case("bpf", "b", "skipped", "needs root")],
               {"unit": 1.0, "bpf": 0.1})
        self.assertEqual(out.getvalue().rstrip("\n").split("\n")[-1], "1 passed, 0 failed, 1 skipped")
        self.assertIn("bpf: needs root", out.getvalue())


if __name__ == "__main__":
    unittest.main()
