// What changed between two values of a column: the form in which "update2" and the database file tell a modification.
#pragma once

#include "ovsdb/column_type.hpp"

namespace weft::ovsdb {

// Of a column that holds at most one value (or pair): `after` itself. Of a set: the values that are in one of the two
// only. Of a map: the pairs whose key is in one of the two only, and `after`'s pair where the values differ.
// Ask only about unequal values. (ovsdb-server(7), section 4.1.14, "modify".)
Datum difference(const ColumnType& type, const Datum& before, const Datum& after);

// The inverse: what `before` becomes. "constraint violation" where the result breaks the column's constraints.
Result<Datum> apply_difference(const ColumnType& type, const Datum& before, const Datum& diff);

// The type in which the difference is written as JSON: it may be empty, or longer than a value of the column.
ColumnType difference_type(const ColumnType& type);

}  // namespace weft::ovsdb
