#include "ovsdb/repetition.hpp"

#include <fmt/format.h>

#include "ovsdb/atom_text.hpp"

namespace weft::ovsdb {
namespace {

// "a"; "a and b"; "a, b, and c".
std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += words.size() > 2 ? ", " : " ";
    if (i > 0 && i + 1 == words.size()) text += "and ";
    text += words[i];
  }
  return text;
}

class Repetition {
 public:
  Repetition(const TableSchema& table, std::span<const std::size_t> columns) : table_(table), columns_(columns) {}

  std::string names() const {
    std::vector<std::string> names;
    for (const auto column : columns_) names.push_back(fmt::format("\"{}\"", table_.columns[column].name));
    return (names.size() == 1 ? "column " : "columns ") + join(names);
  }

  std::string values(const Row& row) const {
    std::vector<std::string> values;
    for (const auto column : columns_) values.push_back(describe(table_.columns[column].type, row.columns[column]));
    return join(values);
  }

  // Where it comes from. `before`: null if the transaction inserts it.
  std::string history(const Row& row, const Row* before) const {
    const auto who = fmt::format("with UUID {}, ", row.uuid().to_string());
    if (!before) return who + "was inserted by this transaction";
    const bool has_changed = std::ranges::any_of(
        columns_, [&](std::size_t column) { return row.columns[column] != before->columns[column]; });
    if (has_changed) return who + "had the following index values before the transaction: " + values(*before);
    return who + "existed in the database before this transaction" +
           (before == &row ? " and was not modified by the transaction"
                           : ", which modified some of the row's columns but not any columns in this index");
  }

 private:
  const TableSchema& table_;
  std::span<const std::size_t> columns_;
};

bool comes_before(const Row& a, const Row& b) {
  for (auto column = first_own_column; column < a.columns.size(); ++column)
    if (const auto order = compare(a.columns[column], b.columns[column]); order != 0) return order < 0;
  return a.uuid() < b.uuid();
}

}  // namespace

std::string describe_repetition(const Database::State& database, const Overlay& overlay, std::size_t table,
                                std::span<const std::size_t> columns, const Row& a, const Row& b) {
  // In an order that does not depend on chance.
  const auto& first = comes_before(a, b) ? b : a;
  const auto& second = comes_before(a, b) ? a : b;
  const Repetition repetition(database.schema.tables[table], columns);
  const auto history = [&](const Row& row) {
    const auto* change = overlay.find_change(table, row.uuid());
    return repetition.history(row, change ? change->before.get() : &row);
  };
  return fmt::format(
      "Transaction causes multiple rows in \"{}\" table to have identical values ({}) for index on {}.  "
      "First row, {}.  Second row, {}.",
      database.schema.tables[table].name, repetition.values(a), repetition.names(), history(first), history(second));
}

}  // namespace weft::ovsdb
