// ovs-vsctl(8) "Database Command Syntax": set, add, remove, clear, create, destroy.
#include <fmt/format.h>

#include "vsctl/handlers.hpp"
#include "vsctl/name_lookup.hpp"
#include "vsctl/record_edit.hpp"
#include "vsctl/record_lookup.hpp"
#include "vsctl/tokens.hpp"
#include "vsctl/value_syntax.hpp"

namespace weft::vsctl {
namespace {

const LogModule log("db_ctl_base");

using ovsdb::ColumnType;
using ovsdb::Datum;
using ovsdb::TableSchema;

Result<const TableSchema*> table_named(Context& context) {
  return &context.view().schema().tables[TRY(find_table(context.view().schema(), context.argument(0)))];
}

// The record of the second argument; nothing if it is missing and --if-exists is there.
Result<std::optional<Uuid>> record_named(Context& context, const TableSchema& table,
                                         const std::vector<std::string_view>& columns = {}) {
  const auto& id = context.argument(1);
  if (context.has("--if-exists")) return find_record(context.view(), table.name, id, columns);
  return TRY(require_record(context.view(), table.name, id, columns));
}

// A set of references may be large (a bridge's ports), and is not read to change one element.
bool is_cheap_to_read(const ColumnType& type) { return type.key.type != ovsdb::AtomType::uuid || type.max == 1; }

// As the column, but any number of elements, none included.
ColumnType any_number_of(ColumnType type) {
  type.min = 0;
  type.max = ovsdb::unlimited;
  return type;
}

struct ColumnOfRecord {
  const TableSchema* table;
  std::size_t column;
  std::optional<Uuid> row;  // Absent: there is no such record, and --if-exists.

  const ovsdb::ColumnSchema& schema() const { return table->columns[column]; }
};

// What add and remove begin with: TABLE RECORD COLUMN.
Result<ColumnOfRecord> column_of_record(Context& context) {
  const auto* table = TRY(table_named(context));
  const auto column = TRY(find_column(*table, context.argument(2)));
  const auto& schema = table->columns[column];
  const auto columns =
      is_cheap_to_read(schema.type) ? std::vector<std::string_view>{schema.name} : std::vector<std::string_view>{};
  const auto row = TRY(record_named(context, *table, columns));
  if (row) TRY(check_mutable(context.view(), *table, *row, column));
  return ColumnOfRecord{table, column, row};
}

std::unexpected<Error> too_few(const ColumnOfRecord& target, std::size_t count) {
  const auto& [name, type, ephemeral, is_mutable, default_value] = target.schema();
  return fail(
      "not allowed",
      fmt::format("\"remove\" operation would put {} values in column {} of table {} but the minimum number is {}",
                  count, name, target.table->name, type.min));
}

// KEY or KEY=VALUE of a map, or a value: the keys that are to go.
Result<Datum> keys_to_remove(Context& context, const ColumnOfRecord& target, std::string_view argument) {
  const auto type = any_number_of(target.schema().type);
  const ColumnType keys{.key = type.key, .min = 0, .max = ovsdb::unlimited};
  if (!type.is_map()) return parse_datum(type, argument, context.symbols());
  const auto pairs = parse_datum(type, argument, context.symbols());
  if (!pairs) return parse_datum(keys, argument, context.symbols());
  const auto present = TRY(context.view().read(target.table->name, *target.row, target.schema().name));
  std::vector<ovsdb::Atom> equal;
  for (std::size_t i = 0; i < pairs->size(); ++i) {
    const auto* value = present.value_of(pairs->keys()[i]);
    if (value && *value == pairs->values()[i]) equal.push_back(pairs->keys()[i]);
  }
  return Datum::set(std::move(equal));
}

bool contains_any(const Datum& value, const Datum& keys) {
  return std::ranges::any_of(keys.keys(), [&](const auto& key) { return value.contains(key); });
}

}  // namespace

Result<Outcome> set_columns(Context& context) {
  const auto* table = TRY(table_named(context));
  const auto settings = std::span(context.arguments()).subspan(2);
  std::vector<std::string_view> columns;
  for (const auto& argument : settings) {
    columns.push_back(table->columns[TRY(parse_column(*table, argument))].name);
  }
  const auto row = TRY(record_named(context, *table, columns));
  if (row) TRY(set_columns(context.view(), context.symbols(), *table, *row, settings));
  return Outcome::done;
}

Result<Outcome> add_values(Context& context) {
  const auto target = TRY(column_of_record(context));
  if (!target.row) return Outcome::done;
  const auto& [name, type, ephemeral, is_mutable, default_value] = target.schema();
  for (const auto& argument : std::span(context.arguments()).subspan(3)) {
    const auto more = TRY(parse_datum(any_number_of(type), argument, context.symbols()));
    if (is_cheap_to_read(type)) {
      const auto present = TRY(context.view().read(target.table->name, *target.row, name, Guard::none));
      if (with_elements(present, more) == present) continue;
    }
    // Too many: the server says so.
    TRY(context.view().insert_elements(target.table->name, *target.row, name, more));
  }
  return Outcome::done;
}

Result<Outcome> remove_values(Context& context) {
  const auto target = TRY(column_of_record(context));
  if (!target.row) return Outcome::done;
  const auto& [name, type, ephemeral, is_mutable, default_value] = target.schema();
  for (const auto& argument : std::span(context.arguments()).subspan(3)) {
    const auto keys = TRY(keys_to_remove(context, target, argument));
    if (is_cheap_to_read(type) || type.min > 0) {
      const auto present = TRY(context.view().read(target.table->name, *target.row, name, Guard::none));
      if (!contains_any(present, keys)) continue;
      const auto rest = without_keys(present, keys);
      if (rest.size() < type.min) return too_few(target, rest.size());
    }
    TRY(context.view().remove_keys(target.table->name, *target.row, name, keys));
  }
  return Outcome::done;
}

Result<Outcome> clear_columns(Context& context) {
  const auto* table = TRY(table_named(context));
  std::vector<std::size_t> columns;
  for (const auto& argument : std::span(context.arguments()).subspan(2)) {
    columns.push_back(TRY(find_column(*table, argument)));
  }
  const auto row = TRY(record_named(context, *table));
  if (!row) return Outcome::done;
  for (const auto position : columns) {
    const auto& column = table->columns[position];
    TRY(check_mutable(context.view(), *table, *row, position));
    if (column.type.min > 0) {
      return fail("not allowed", fmt::format("\"clear\" operation cannot be applied to column {} of table {}, "
                                             "which is not allowed to be empty",
                                             column.name, table->name));
    }
    const auto present = TRY(context.view().read(table->name, *row, column.name, Guard::none));
    if (!present.empty()) TRY(context.view().assign(table->name, *row, column.name, Datum()));
  }
  return Outcome::done;
}

Result<Outcome> create_record(Context& context) {
  const auto* table = TRY(table_named(context));
  const auto id = context.option("--id");
  const auto wanted = id ? Uuid::parse(*id) : std::nullopt;
  std::optional<Uuid> promised;
  if (id && !wanted) promised = TRY(context.symbols().create(*id));
  if (!id && !table->is_root) {
    context.warn(log, fmt::format("applying \"create\" command to table {} without --id option will have no effect",
                                  table->name));
  }
  const auto row = TRY(context.view().insert(table->name, promised, wanted));
  const auto settings = std::span(context.arguments()).subspan(1);
  TRY(set_columns(context.view(), context.symbols(), *table, row, settings));
  context.created = row;
  return Outcome::done;
}

Result<Outcome> destroy_records(Context& context) {
  const auto* table = TRY(table_named(context));
  const auto ids = std::span(context.arguments()).subspan(1);
  if (context.has("--all")) {
    if (!ids.empty()) return fail("usage", "--all and records argument should not be specified together");
    if (context.has("--if-exists")) return fail("usage", "--all and --if-exists should not be specified together");
    for (const auto& row : TRY(context.view().select({.table = table->name}))) {
      TRY(context.view().erase(table->name, row));
    }
    return Outcome::done;
  }
  if (ids.empty()) context.warn(log, "either --all or records argument should be specified");
  for (const auto& id : ids) {
    const auto found = TRY(find_record(context.view(), table->name, id));
    if (!found && !context.has("--if-exists")) TRY(require_record(context.view(), table->name, id));
    if (found) TRY(context.view().erase(table->name, *found));
  }
  return Outcome::done;
}

}  // namespace weft::vsctl
