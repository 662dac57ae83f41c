// Changes columns of one row within a transaction, and only those that differ: what stays the same is no change, so
// nobody who monitors the row hears of it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ovsdb/transaction.hpp"

namespace weft::reconcile {

class RowEditor {
 public:
  // A row that is not there is left alone.
  RowEditor(ovsdb::Transaction& transaction, std::size_t table, const Uuid& uuid);
  ~RowEditor();  // Puts the changed row into the transaction.
  RowEditor(const RowEditor&) = delete;
  RowEditor& operator=(const RowEditor&) = delete;

  // The present value; empty if there is no row.
  const ovsdb::Datum& get(std::size_t column) const;
  void set(std::size_t column, ovsdb::Datum datum);
  // Other keys of the map stay.
  void set_key(std::size_t column, const std::string& key, const std::string& value);

 private:
  ovsdb::Transaction& transaction_;
  std::size_t table_;
  Uuid uuid_;
  ovsdb::RowPtr row_;
  std::vector<ovsdb::Datum> changed_;  // Empty until something changes.
};

ovsdb::Datum to_datum(std::int64_t value);
ovsdb::Datum to_datum(const std::string& value);
ovsdb::Datum to_datum(const std::map<std::string, std::string>& map);
ovsdb::Datum to_datum(const std::map<std::string, std::int64_t>& map);
template <class T>
ovsdb::Datum to_datum(const std::optional<T>& value) {
  return value ? to_datum(*value) : ovsdb::Datum();
}

}  // namespace weft::reconcile
