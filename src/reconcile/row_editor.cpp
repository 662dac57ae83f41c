#include "reconcile/row_editor.hpp"

namespace weft::reconcile {
namespace {

template <class Value>
ovsdb::Datum map_datum(const std::map<std::string, Value>& map) {
  std::vector<std::pair<ovsdb::Atom, ovsdb::Atom>> pairs;
  for (const auto& [key, value] : map) pairs.emplace_back(key, value);
  return ovsdb::Datum::map(std::move(pairs));
}

}  // namespace

RowEditor::RowEditor(ovsdb::Transaction& transaction, std::size_t table, const Uuid& uuid)
    : transaction_(transaction), table_(table), uuid_(uuid), row_(transaction.find(table, uuid)) {}

RowEditor::~RowEditor() {
  if (!changed_.empty()) transaction_.replace(table_, uuid_, std::move(changed_));
}

const ovsdb::Datum& RowEditor::get(std::size_t column) const {
  static const ovsdb::Datum nothing;
  if (!row_) return nothing;
  return changed_.empty() ? row_->columns[column] : changed_[column];
}

void RowEditor::set(std::size_t column, ovsdb::Datum datum) {
  if (!row_ || get(column) == datum) return;
  if (changed_.empty()) changed_ = row_->columns;
  changed_[column] = std::move(datum);
}

void RowEditor::set_key(std::size_t column, const std::string& key, const std::string& value) {
  const auto& before = get(column);
  std::vector<std::pair<ovsdb::Atom, ovsdb::Atom>> pairs;
  pairs.emplace_back(key, value);  // Of equal keys the first one stays.
  for (std::size_t i = 0; i < before.size(); ++i) pairs.emplace_back(before.keys()[i], before.values()[i]);
  set(column, ovsdb::Datum::map(std::move(pairs)));
}

ovsdb::Datum to_datum(std::int64_t value) { return ovsdb::Datum::scalar(value); }
ovsdb::Datum to_datum(const std::string& value) { return ovsdb::Datum::scalar(value); }
ovsdb::Datum to_datum(const std::map<std::string, std::string>& map) { return map_datum(map); }
ovsdb::Datum to_datum(const std::map<std::string, std::int64_t>& map) { return map_datum(map); }

}  // namespace weft::reconcile
