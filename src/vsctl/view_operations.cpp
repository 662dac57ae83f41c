// View's changes as operations of "transact" (RFC 7047 section 5.2). Sets and maps are mutated element by element:
// the cost of adding a port does not grow with the ports there are, and two clients that add ports don't conflict.
#include <fmt/format.h>

#include "vsctl/operation_json.hpp"
#include "vsctl/view.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

// RFC 7047 section 3.1 <id>: no dashes.
std::string uuid_name(const Uuid& row) {
  auto name = "row" + row.to_string();
  std::ranges::replace(name, '-', '_');
  return name;
}

// ["uuid", U] anywhere in a value becomes ["named-uuid", N] if `is_new(U)`.
template <class IsNew>
void rename_new_rows(json::value& value, const IsNew& is_new) {
  auto* array = value.if_array();
  if (!array) return;
  if (array->size() == 2 && (*array)[0] == "uuid" && (*array)[1].is_string()) {
    const auto uuid = Uuid::parse(std::string_view((*array)[1].get_string()));
    if (uuid && is_new(*uuid)) *array = {"named-uuid", uuid_name(*uuid)};
    return;
  }
  for (auto& element : *array) rename_new_rows(element, is_new);
}

json::array mutation(const std::string& column, std::string_view mutator, json::value value) {
  return {column, mutator, std::move(value)};
}

}  // namespace

json::value View::outgoing(const ovsdb::ColumnType& type, const Datum& datum) const {
  auto value = type.datum_to_json(datum);
  const auto is_uuid = [](const ovsdb::BaseType& base) { return base.type == ovsdb::AtomType::uuid; };
  if (!is_uuid(type.key) && !(type.value && is_uuid(*type.value))) return value;
  const auto is_new = [&](const Uuid& uuid) {
    return std::ranges::any_of(changes_, [&](const auto& rows) {
      const auto found = rows.find(uuid);
      return found != rows.end() && found->second.kind == RowChange::Kind::inserted && !found->second.wanted;
    });
  };
  rename_new_rows(value, is_new);
  return value;
}

json::object View::insertion(std::size_t table, const Uuid& row, const RowChange& change) const {
  json::object columns;
  for (const auto& [position, column_change] : change.columns) {
    const auto& column = schema_.tables[table].columns[position];
    columns[column.name] = outgoing(column.type, column_change.apply(column.default_value));
  }
  json::object operation{{"op", "insert"}, {"table", schema_.tables[table].name}, {"row", std::move(columns)}};
  if (change.wanted) {
    operation["uuid"] = change.wanted->to_string();  // Open vSwitch's extension: ovsdb-server(7) "Insert".
  } else {
    operation["uuid-name"] = uuid_name(row);
  }
  return operation;
}

void View::append_modification(std::size_t table, const Uuid& row, const RowChange& change,
                               json::array& operations) const {
  const auto& schema = schema_.tables[table];
  json::object assigned;
  json::array mutations;
  for (const auto& [position, column_change] : change.columns) {
    const auto& [name, type, ephemeral, is_mutable, default_value] = schema.columns[position];
    if (column_change.is_assignment()) {
      assigned[name] = outgoing(type, column_change.apply({}));
      continue;
    }
    const auto keys = ovsdb::ColumnType{.key = type.key, .min = 0, .max = ovsdb::unlimited};
    auto elements = type;
    elements.min = 0;
    elements.max = ovsdb::unlimited;
    if (!column_change.removed().empty())
      mutations.push_back(mutation(name, "delete", outgoing(keys, column_change.removed())));
    if (!column_change.inserted().empty())
      mutations.push_back(mutation(name, "insert", outgoing(elements, column_change.inserted())));
  }
  if (!assigned.empty()) {
    operations.push_back(json::object{
        {"op", "update"}, {"table", schema.name}, {"where", where_row(row)}, {"row", std::move(assigned)}});
  }
  if (!mutations.empty()) {
    operations.push_back(json::object{
        {"op", "mutate"}, {"table", schema.name}, {"where", where_row(row)}, {"mutations", std::move(mutations)}});
  }
}

bool View::has_changes() const { return !operations().empty(); }

json::array View::operations() const {
  json::array operations;
  for (std::size_t table = 0; table < changes_.size(); ++table) {
    for (const auto& [row, change] : changes_[table]) {
      if (change.kind == RowChange::Kind::inserted) operations.push_back(insertion(table, row, change));
    }
  }
  for (std::size_t table = 0; table < changes_.size(); ++table) {
    for (const auto& [row, change] : changes_[table]) {
      if (change.kind == RowChange::Kind::modified) append_modification(table, row, change, operations);
      // Rows of other tables go when their last reference does.
      if (change.kind == RowChange::Kind::erased && schema_.tables[table].is_root) {
        operations.push_back(
            json::object{{"op", "delete"}, {"table", schema_.tables[table].name}, {"where", where_row(row)}});
      }
    }
  }
  return operations;
}

std::vector<View::Inserted> View::inserted() const {
  std::vector<Inserted> all;
  for (std::size_t table = 0; table < changes_.size(); ++table) {
    for (const auto& [row, change] : changes_[table]) {
      if (change.kind == RowChange::Kind::inserted) all.push_back({schema_.tables[table].name, row, all.size()});
    }
  }
  return all;
}

}  // namespace weft::vsctl
