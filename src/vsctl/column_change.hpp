// What one command line does to one column of one row, before it is committed: a whole new value, or elements
// taken out and put in. Putting in means: a map's key that is there keeps its value (RFC 7047 section 5.1 "insert").
#pragma once

#include <optional>
#include <vector>

#include "ovsdb/column_type.hpp"

namespace weft::vsctl {

class ColumnChange {
 public:
  void assign(ovsdb::Datum value);
  void remove_keys(const ovsdb::Datum& keys);
  void insert(const ovsdb::Datum& elements);

  bool is_assignment() const { return assigned_.has_value(); }
  // The value that the column has then; `base` is what it had, and unused by an assignment.
  ovsdb::Datum apply(const ovsdb::Datum& base) const;
  // Is the element in the column then? Nothing if that depends on what the column had.
  std::optional<bool> decides(const ovsdb::Atom& element) const;

  const ovsdb::Datum& removed() const { return removed_; }
  const ovsdb::Datum& inserted() const { return inserted_; }

 private:
  std::optional<ovsdb::Datum> assigned_;
  // With no assignment: first `removed_` (keys) go, then `inserted_` come.
  ovsdb::Datum removed_;
  ovsdb::Datum inserted_;
};

// `base` with the elements of `more` whose keys it lacks; `base` without the elements with these keys.
ovsdb::Datum with_elements(const ovsdb::Datum& base, const ovsdb::Datum& more);
ovsdb::Datum without_keys(const ovsdb::Datum& base, const ovsdb::Datum& keys);

}  // namespace weft::vsctl
