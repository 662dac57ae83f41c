// Arguments of the forms COLUMN, COLUMN:KEY, COLUMN[:KEY]=VALUE and COLUMN[:KEY] OPERATOR VALUE.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ovsdb/schema.hpp"
#include "vsctl/symbols.hpp"

namespace weft::vsctl {

struct ColumnKey {
  std::size_t column;              // Position in TableSchema::columns.
  std::optional<std::string> key;  // As written; absent: the whole column.
};

// The column that an argument of any of these forms begins with. A command asks for all of its columns before it looks
// at the rest of any.
Result<std::size_t> parse_column(const ovsdb::TableSchema& table, std::string_view argument);

// What "get" takes. The key, if there is one, requires a map.
Result<ColumnKey> parse_column_key(const ovsdb::TableSchema& table, std::string_view argument);

// The set that COLUMN:KEY names is compared with: the key's values, any number.
ovsdb::ColumnType values_of_key(const ovsdb::ColumnType& map);

struct Assignment {
  std::size_t column;
  std::optional<ovsdb::Atom> key;  // Present: `value` is one pair, and other keys stay.
  ovsdb::Datum value;
};
Result<Assignment> parse_assignment(const ovsdb::TableSchema& table, std::string_view argument, Symbols& symbols);

enum class Relation {
  equal,
  not_equal,
  less,
  greater,
  less_or_equal,
  greater_or_equal,
  set_equal,
  set_not_equal,
  proper_subset,
  proper_superset,
  subset,
  superset,
  in,
  not_in
};

struct Condition {
  std::size_t column;
  std::optional<ovsdb::Atom> key;
  Relation relation;
  ovsdb::Datum value;

  // Does the column's value satisfy it? (ovs-vsctl(8) "find")
  bool holds_for(const ovsdb::Datum& column_value) const;
};
Result<Condition> parse_condition(const ovsdb::TableSchema& table, std::string_view argument, Symbols& symbols);

}  // namespace weft::vsctl
