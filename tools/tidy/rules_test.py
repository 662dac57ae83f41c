"""Each rule finds what it is for, and nothing else."""

import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import rules  # noqa: E402


def tree(**files):
    """A tree of files whose names have / for __ and . for _DOT_."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder, name.replace("__", "/").replace("_DOT_", "."))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return rules.Tree(folder)


class Rules(unittest.TestCase):
    def test_an_include_of_a_lower_layer_is_found(self):
        found = rules.layer_ranks(tree(src__base__a_DOT_hpp='#include "plan/b.hpp"\n', src__plan__b_DOT_hpp="//\n"))
        self.assertEqual(len(found), 1)
        self.assertIn("src/base/a.hpp: includes src/plan/b.hpp", found[0])

    def test_an_include_of_a_higher_layer_is_fine(self):
        self.assertEqual(
            rules.layer_ranks(tree(src__plan__b_DOT_hpp='#include "base/a.hpp"\n', src__base__a_DOT_hpp="//\n")), [])

    def test_two_headers_that_include_each_other_are_found_once(self):
        found = rules.include_cycles(
            tree(src__base__a_DOT_hpp='#include "base/b.hpp"\n', src__base__b_DOT_hpp='#include "base/a.hpp"\n'))
        self.assertEqual(len(found), 1)
        self.assertIn("src/base/a.hpp -> src/base/b.hpp -> src/base/a.hpp", found[0])

    def test_a_header_only_its_own_file_and_test_use_is_dead(self):
        found = rules.dead_headers(tree(src__base__a_DOT_hpp="//\n", src__base__a_DOT_cpp='#include "base/a.hpp"\n',
                                        src__base__a_test_DOT_cpp='#include "base/a.hpp"\n'))
        self.assertEqual(found, ["src/base/a.hpp: nobody uses it: delete it"])

    def test_a_header_another_file_uses_is_alive(self):
        self.assertEqual(
            rules.dead_headers(tree(src__base__a_DOT_hpp="//\n", src__base__b_DOT_cpp='#include "base/a.hpp"\n')), [])

    def test_one_line_more_than_allowed_is_found(self):
        self.assertEqual(rules.file_sizes(tree(src__a_DOT_cpp="\n" * rules.LINES_MAX)), [])
        self.assertEqual(len(rules.file_sizes(tree(src__a_DOT_cpp="\n" * (rules.LINES_MAX + 1)))), 1)

    def test_a_path_of_one_machine_is_found_with_its_line(self):
        found = rules.machine_paths(tree(notes_DOT_md="fine\nsee /" + "work/thing\n"))
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith("notes.md:2:"))

    def test_chinese_is_found_in_code_and_welcome_in_documents(self):
        self.assertEqual(len(rules.english_code(tree(src__a_DOT_cpp="// \u7f51\u7edc\n", README_DOT_md="\u7f51\n"))), 1)

    def test_a_header_without_opening_or_guard_is_found(self):
        self.assertEqual(len(rules.openings(tree(src__a_DOT_hpp="int a;\n"))), 2)
        self.assertEqual(rules.openings(tree(src__a_DOT_hpp="// A number.\n#pragma once\n")), [])

    def test_build_output_is_no_part_of_the_tree(self):
        self.assertEqual(tree(build__a_DOT_hpp="int a;\n").texts, {})


if __name__ == "__main__":
    unittest.main()
