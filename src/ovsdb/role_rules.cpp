#include "ovsdb/role_rules.hpp"

#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {
namespace {

constexpr std::string_view role_table = "RBAC_Role";

// The column's value; null: there is no such column.
const Datum* value_of(const TableSchema& table, const Row& row, std::string_view column) {
  const auto position = table.find(column);
  return position ? &row.columns[*position] : nullptr;
}

bool has_string(const Datum* datum, std::string_view text) { return datum && datum->contains(Atom(std::string(text))); }

RowPtr find_role(const Database& database, std::size_t roles, const std::string& name) {
  const auto& schema = database.schema().tables[roles];
  for (const auto& [uuid, row] : database.rows(roles)) {
    const auto* value = value_of(schema, *row, "name");
    const auto* text = value ? value->single<std::string>() : nullptr;
    if (text && *text == name) return row;
  }
  return nullptr;
}

constexpr std::string_view nobody = "(null)";  // What Open vSwitch calls a client that has not shown who it is.

std::string_view words(RoleRules::Change change) {
  switch (change) {
    case RoleRules::Change::insertion:
      return "row insertion into";
    case RoleRules::Change::deletion:
      return "row deletion from";
    case RoleRules::Change::update:
      return "modification of";
    case RoleRules::Change::mutation:
      return "mutate operation on";
  }
  return {};
}

}  // namespace

RoleRules::RoleRules(const Database& database, std::size_t table, const Access& access)
    : table_(database.schema().tables[table]), access_(access) {
  if (access.role.empty()) return;
  const auto roles = database.schema().find(role_table);
  if (!roles) return;
  is_ruled_ = true;
  const auto& schema = database.schema().tables[*roles];
  const auto column = schema.find("permissions");
  const auto role = find_role(database, *roles, access.role);
  if (!role || !column || !schema.columns[*column].type.value) return;
  const auto permissions = database.schema().find(schema.columns[*column].type.value->ref_table);
  const auto* reference = role->columns[*column].value_of(table_.name);
  const auto* uuid = reference ? std::get_if<Uuid>(reference) : nullptr;
  if (!permissions || !uuid) return;
  permissions_ = &database.schema().tables[*permissions];
  permission_ = database.find(*permissions, *uuid);
}

std::unexpected<Error> RoleRules::refuse(Change change) const {
  return fail(permission_error, fmt::format("RBAC rules for client \"{}\" role \"{}\" prohibit {} table \"{}\".",
                                            access_.client_id.empty() ? nobody : access_.client_id, access_.role,
                                            words(change), table_.name));
}

Result<> RoleRules::may_ever(Change change) const {
  if (!is_ruled_ || (permission_ && !access_.client_id.empty())) return {};
  return refuse(change);
}

bool RoleRules::allows_insert_and_erase() const {
  if (!permission_) return false;
  const auto* allowed = value_of(*permissions_, *permission_, "insert_delete");
  const auto* value = allowed ? allowed->single<bool>() : nullptr;
  return value && *value;
}

// One of the columns, or "column:key" of a map, that "authorization" names holds the client's id; or "" stands there,
// which lets everybody who has one.
bool RoleRules::is_authorized(const std::vector<Datum>& columns) const {
  const auto* authorization = permission_ ? value_of(*permissions_, *permission_, "authorization") : nullptr;
  if (!authorization) return false;
  return std::ranges::any_of(authorization->keys(), [&](const Atom& atom) {
    const auto* name = std::get_if<std::string>(&atom);
    if (!name) return false;
    if (name->empty()) return true;
    const auto colon = std::min(name->find(':'), name->size());
    const auto column = table_.find(std::string_view(*name).substr(0, colon));
    if (!column) return false;
    if (colon == name->size())
      return !table_.columns[*column].type.is_map() && has_string(&columns[*column], access_.client_id);
    const auto* id = columns[*column].string_at(std::string_view(*name).substr(colon + 1));
    return id && *id == access_.client_id;
  });
}

bool RoleRules::may_change_keys(const ColumnSchema& column, const Datum& before, const Datum& after) const {
  const auto* update = value_of(*permissions_, *permission_, "update");
  const auto is_covered = [&](const Datum& one, const Datum& other) {
    return std::ranges::all_of(one.keys(), [&](const Atom& key) {
      const auto* mine = one.value_of(key);
      const auto* others = other.value_of(key);
      if (mine && others && *mine == *others) return true;
      const auto* text = std::get_if<std::string>(&key);
      return text && has_string(update, column.name + ":" + *text);
    });
  };
  return column.type.is_map() && is_covered(before, after) && is_covered(after, before);
}

template <class Named>
bool RoleRules::may_change(const Row& before, const std::vector<Datum>& after, Named named) const {
  if (!is_authorized(before.columns)) return false;
  const auto* update = value_of(*permissions_, *permission_, "update");
  return std::ranges::all_of(named, [&](const auto& one) {
    const auto& column = table_.columns[one.column];
    return has_string(update, column.name) || may_change_keys(column, before.columns[one.column], after[one.column]);
  });
}

Result<> RoleRules::may_insert(const std::vector<Datum>& columns) const {
  if (!is_ruled_ || (allows_insert_and_erase() && is_authorized(columns))) return {};
  return refuse(Change::insertion);
}

Result<> RoleRules::may_erase(const Row& row) const {
  if (!is_ruled_ || (allows_insert_and_erase() && is_authorized(row.columns))) return {};
  return refuse(Change::deletion);
}

Result<> RoleRules::may_update(const Row& before, const std::vector<Datum>& after,
                               std::span<const ColumnValue> named) const {
  if (!is_ruled_ || may_change(before, after, named)) return {};
  return refuse(Change::update);
}

Result<> RoleRules::may_mutate(const Row& before, const std::vector<Datum>& after,
                               std::span<const Mutation> named) const {
  if (!is_ruled_ || may_change(before, after, named)) return {};
  return refuse(Change::mutation);
}

}  // namespace weft::ovsdb
