#include "vsctl/column_change.hpp"

#include <gtest/gtest.h>

namespace weft::vsctl {
namespace {

using ovsdb::Atom;
using ovsdb::Datum;

Datum set(std::initializer_list<std::int64_t> elements) { return Datum::set({elements.begin(), elements.end()}); }
Datum map(std::initializer_list<std::pair<std::string, std::string>> pairs) {
  std::vector<std::pair<Atom, Atom>> atoms;
  for (const auto& [key, value] : pairs) atoms.emplace_back(key, value);
  return Datum::map(std::move(atoms));
}

TEST(ColumnChange, takes_out_and_puts_in_over_what_was_there) {
  ColumnChange change;
  change.remove_keys(set({1}));
  change.insert(set({7}));
  EXPECT_EQ(change.apply(set({1, 2})), set({2, 7}));
  EXPECT_EQ(change.apply({}), set({7}));
}

TEST(ColumnChange, the_last_word_on_an_element_holds) {
  ColumnChange change;
  change.insert(set({1}));
  change.remove_keys(set({1}));
  EXPECT_EQ(change.apply(set({1})), set({}));
  change.insert(set({1}));
  EXPECT_EQ(change.apply({}), set({1}));
}

TEST(ColumnChange, inserting_does_not_overwrite_a_key_that_is_there) {
  ColumnChange change;
  change.insert(map({{"a", "new"}, {"b", "new"}}));
  EXPECT_EQ(change.apply(map({{"a", "old"}})), map({{"a", "old"}, {"b", "new"}}));
  change.remove_keys(Datum::scalar(std::string("a")));
  change.insert(map({{"a", "newer"}}));
  EXPECT_EQ(change.apply(map({{"a", "old"}})), map({{"a", "newer"}, {"b", "new"}}));
}

TEST(ColumnChange, changes_after_an_assignment_apply_to_what_was_assigned) {
  ColumnChange change;
  change.insert(set({9}));
  change.assign(set({1, 2}));
  change.insert(set({3}));
  change.remove_keys(set({1}));
  EXPECT_TRUE(change.is_assignment());
  EXPECT_EQ(change.apply(set({100})), set({2, 3}));
}

TEST(ColumnChange, tells_what_goes_and_what_comes) {
  ColumnChange change;
  change.insert(map({{"b", "1"}}));
  change.insert(map({{"a", "2"}, {"b", "3"}}));
  change.remove_keys(map({{"c", "any"}}));
  EXPECT_EQ(change.inserted(), map({{"a", "2"}, {"b", "1"}}));
  EXPECT_EQ(change.removed(), Datum::scalar(std::string("c")));
}

TEST(ColumnChange, knows_which_elements_it_decides_without_the_old_value) {
  ColumnChange change;
  change.insert(set({1}));
  change.remove_keys(set({2}));
  EXPECT_EQ(change.decides(std::int64_t{1}), true);
  EXPECT_EQ(change.decides(std::int64_t{2}), false);
  EXPECT_EQ(change.decides(std::int64_t{3}), std::nullopt);
  change.assign({});
  EXPECT_EQ(change.decides(std::int64_t{3}), false);
}

}  // namespace
}  // namespace weft::vsctl
