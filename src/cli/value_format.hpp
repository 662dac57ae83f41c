// How atoms and data read on the terminal (ovs-vsctl(8) "Database Values"): exactly as Open vSwitch prints them,
// because scripts compare.
#pragma once

#include <string>
#include <string_view>

#include "ovsdb/column_type.hpp"

namespace weft::cli {

using ovsdb::Atom;
using ovsdb::BaseType;
using ovsdb::ColumnType;
using ovsdb::Datum;

enum class DataStyle {
  string,  // [1, 2]  {a=b}  "x y"
  bare,    // 1 2     a=b    x y
  json,    // ["set",[1,2]]
};

std::string format_atom(const Atom& atom, DataStyle style = DataStyle::string);
// A column of at most one value shows it without brackets.
std::string format_datum(const ColumnType& type, const Datum& datum, DataStyle style = DataStyle::string);

}  // namespace weft::cli
