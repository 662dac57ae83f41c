#include "topology/yaml_tree.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "topology/limits.hpp"

namespace weft::topology {
namespace {

std::string error_of(const std::string& text) {
  const auto tree = read_yaml(text, "f");
  return tree ? "read" : tree.error().details;
}

TEST(YamlTree, tells_where_a_text_is_no_yaml) {
  EXPECT_EQ(error_of("a: [1, 2\nb: 3\n"), "f:2:2: end of sequence flow not found");
  EXPECT_EQ(error_of("a: b: c"), "f:1:5: illegal map value");
}

TEST(YamlTree, refuses_a_key_that_stands_twice) {
  EXPECT_EQ(error_of("a: 1\nb: 2\na: 3"), "f:3:1: \"a\" stands here again; first on line 1");
}

TEST(YamlTree, knows_numbers_from_texts_in_quotes) {
  const auto tree = *read_yaml("[1, '1', \"1\", !!str 1, null, ~]", "f");
  ASSERT_EQ(tree->items.size(), 6U);
  EXPECT_FALSE(tree->items[0]->is_quoted);
  for (const int i : {1, 2, 3}) EXPECT_TRUE(tree->items[i]->is_quoted) << i;
  for (const int i : {4, 5}) EXPECT_EQ(tree->items[i]->kind, YamlNode::Kind::null) << i;
}

TEST(YamlTree, merges_mappings_where_keys_are_not_given) {
  const auto tree = *read_yaml("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 5}", "f");
  const auto& merged = *tree->find("c")->value;
  EXPECT_EQ(merged.find("x")->value->text, "5");
  EXPECT_EQ(merged.find("y")->value->text, "2");
  EXPECT_EQ(merged.find("z")->value->text, "4");
  EXPECT_EQ(merged.find("<<"), nullptr);
  EXPECT_EQ(error_of("a: {<<: 1}"), "f:1:5: \"<<\" stands before a mapping, or a list of them");
}

TEST(YamlTree, is_not_blown_up_by_aliases_of_aliases) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    text += fmt::format("a{}: &a{} [", i, i);
    for (int j = 0; j < 10; ++j) text += fmt::format("{}*a{}", j == 0 ? "" : ", ", i - 1);
    text += "]\n";
  }
  EXPECT_EQ(error_of(text), fmt::format("f:6:15: more than {} values, with aliases followed", nodes_max));
  EXPECT_EQ(error_of("a: &a [*a]"), "f:1:8: an alias stands inside of what it means");
}

TEST(YamlTree, bounds_what_stands_inside_one_another) {
  EXPECT_EQ(error_of(std::string(nesting_max, '[') + std::string(nesting_max, ']')), "read");
  EXPECT_EQ(error_of(std::string(nesting_max + 1, '[') + std::string(nesting_max + 1, ']')),
            fmt::format("f:1:{}: more than {} levels inside one another", nesting_max + 1, nesting_max));
}

TEST(YamlTree, refuses_tags_second_documents_and_keys_that_are_no_text) {
  EXPECT_EQ(error_of("a: !!binary aGk="), "f:1:4: the tag \"tag:yaml.org,2002:binary\" has no meaning in a lab file");
  EXPECT_EQ(error_of("a: 1\n---\nb: 2"), "f:2:1: a second document begins; a lab file has one");
  EXPECT_EQ(error_of("? [a]\n: 1"), "f:1:3: a key is no text");
}

TEST(YamlTree, takes_an_empty_file_for_nothing) { EXPECT_EQ((*read_yaml("", "f"))->kind, YamlNode::Kind::null); }

}  // namespace
}  // namespace weft::topology
