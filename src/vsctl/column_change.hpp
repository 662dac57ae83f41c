// What one command line does to one column of one row, before it is committed: a whole new value, or elements
// taken out and put in. Putting in means: a map's key that is there keeps its value (RFC 7047 section 5.1 "insert").
#pragma once

#include <map>
#include <optional>

#include "ovsdb/column_type.hpp"

namespace weft::vsctl {

// Elements that come and go one by one: a line of a thousand add-port puts as many into one column.
class Elements {
 public:
  // Those whose keys are not there yet; of a set if it has no values.
  void insert(const ovsdb::Datum& elements);
  void insert_keys(const ovsdb::Datum& elements);
  void erase(const ovsdb::Datum& keys);
  bool contains(const ovsdb::Atom& key) const { return values_.contains(key); }
  ovsdb::Datum datum() const;

 private:
  std::map<ovsdb::Atom, std::optional<ovsdb::Atom>> values_;  // By key; none in a set.
};

class ColumnChange {
 public:
  void assign(const ovsdb::Datum& value);
  void remove_keys(const ovsdb::Datum& keys);
  void insert(const ovsdb::Datum& elements);

  bool is_assignment() const { return is_assignment_; }
  // The value that the column has then; `base` is what it had, and unused by an assignment.
  ovsdb::Datum apply(const ovsdb::Datum& base) const;
  // Is the element in the column then? Nothing if that depends on what the column had.
  std::optional<bool> decides(const ovsdb::Atom& element) const;

  ovsdb::Datum removed() const { return removed_.datum(); }
  ovsdb::Datum inserted() const { return inserted_.datum(); }

 private:
  // First `removed_` (keys) go, or with an assignment all; then `inserted_` come.
  bool is_assignment_ = false;
  Elements removed_;
  Elements inserted_;
};

// `base` with the elements of `more` whose keys it lacks; `base` without the elements with these keys.
ovsdb::Datum with_elements(const ovsdb::Datum& base, const ovsdb::Datum& more);
ovsdb::Datum without_keys(const ovsdb::Datum& base, const ovsdb::Datum& keys);

}  // namespace weft::vsctl
