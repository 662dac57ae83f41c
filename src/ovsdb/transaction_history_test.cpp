#include "ovsdb/transaction_history.hpp"

namespace weft::ovsdb {
namespace {

const Uuid start = Uuid::random();
const Uuid row_id = Uuid::random();

RowPtr some_row() { return RowPtr(new Row); }

ChangeSet change_of(RowPtr before, RowPtr after) {
  ChangeSet changes;
  changes.tables.resize(1);
  changes.tables[0][row_id] = {std::move(before), std::move(after)};
  return changes;
}

std::size_t rows_in(const std::optional<ChangeSet>& changes) {
  return changes && !changes->tables.empty() ? changes->tables[0].size() : 0;
}

TEST(TransactionHistory, nothing_has_happened_since_the_last_transaction) {
  TransactionHistory history(start);
  ASSERT_TRUE(history.since(start));
  EXPECT_EQ(rows_in(history.since(start)), 0u);
  const auto id = Uuid::random();
  history.add(change_of(nullptr, some_row()), id);
  ASSERT_TRUE(history.since(id));
  EXPECT_EQ(rows_in(history.since(id)), 0u);
}

TEST(TransactionHistory, what_it_never_saw_is_not_found) {
  TransactionHistory history(start);
  EXPECT_FALSE(history.since(Uuid::random()));
  EXPECT_FALSE(TransactionHistory(Uuid()).since(Uuid())) << "zero is what a client sends that has nothing";
}

TEST(TransactionHistory, several_changes_of_a_row_are_one) {
  TransactionHistory history(start);
  const auto first = some_row();
  const auto last = some_row();
  history.add(change_of(first, some_row()), Uuid::random());
  history.add(change_of(some_row(), last), Uuid::random());
  const auto changes = history.since(start);
  ASSERT_EQ(rows_in(changes), 1u);
  EXPECT_EQ(changes->tables[0].at(row_id).before, first);
  EXPECT_EQ(changes->tables[0].at(row_id).after, last);
}

TEST(TransactionHistory, a_row_that_came_and_went_is_not_told) {
  TransactionHistory history(start);
  const auto row = some_row();
  history.add(change_of(nullptr, row), Uuid::random());
  history.add(change_of(row, nullptr), Uuid::random());
  ASSERT_TRUE(history.since(start));
  EXPECT_EQ(rows_in(history.since(start)), 0u);
}

TEST(TransactionHistory, remembers_as_many_transactions_as_its_limit_says) {
  TransactionHistory history(start);
  std::vector<Uuid> ids;
  for (std::size_t i = 0; i <= max_history_transactions; ++i) {
    ids.push_back(Uuid::random());
    history.add(change_of(nullptr, some_row()), ids.back());
  }
  EXPECT_FALSE(history.since(start));
  EXPECT_TRUE(history.since(ids[0]));
}

// A row whose set of many elements has been replaced by another.
ChangeSet large_change(std::size_t elements) {
  std::vector<Atom> atoms;
  for (std::size_t i = 0; i < elements; ++i) atoms.push_back(static_cast<std::int64_t>(i));
  const boost::intrusive_ptr<Row> before(new Row);
  before->columns.push_back(Datum::set(std::move(atoms)));
  const boost::intrusive_ptr<Row> after(new Row);
  after->columns.push_back(Datum());
  return change_of(before, after);
}

TEST(TransactionHistory, remembers_no_more_values_than_its_limit_says) {
  TransactionHistory history(start);
  const auto first = Uuid::random();
  const auto second = Uuid::random();
  history.add(large_change(max_history_values / 2), first);
  EXPECT_TRUE(history.since(start));
  history.add(large_change(max_history_values / 2), second);
  EXPECT_FALSE(history.since(start));
  EXPECT_TRUE(history.since(first));
  history.add(large_change(max_history_values), Uuid::random());
  EXPECT_FALSE(history.since(second)) << "larger than the whole history";
}

}  // namespace
}  // namespace weft::ovsdb
