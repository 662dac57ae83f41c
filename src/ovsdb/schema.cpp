#include "ovsdb/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/member_reader.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

// `holder`: the object whose member has the name.
Result<> check_name(std::string_view name, const json::object& holder) {
  if (!is_identifier(name)) return fail_at(syntax_error, "name must be a valid id", holder);
  if (name.front() == '_') return fail_at(syntax_error, "names beginning with \"_\" are reserved", holder);
  return {};
}

ColumnSchema own_column(std::string name, ColumnType type) {
  auto default_value = type.default_datum();
  return {.name = std::move(name), .type = std::move(type), .default_value = std::move(default_value)};
}

Result<ColumnSchema> column_from_json(std::string_view name, const json::value& value) {
  const auto what = fmt::format("schema for column {}", name);
  auto members = TRY(MemberReader::open(value, what));
  const auto& type = *TRY(members.required("type"));
  if (!type.is_string() && !type.is_object()) return members.wrong_type("type");
  auto column = own_column(std::string(name), TRY(ColumnType::from_json(type)));
  column.ephemeral = TRY(members.optional_bool("ephemeral", false));
  column.is_mutable = TRY(members.optional_bool("mutable", true));
  TRY(members.finish());
  return column;
}

Result<std::vector<std::size_t>> index_from_json(const TableSchema& table, const MemberReader& members,
                                                 const json::value& value) {
  const auto* names = value.if_array();
  if (!names) return fail_at(syntax_error, "array of distinct column names expected", value);
  const auto index = TRY(columns_from_json(table, *names));
  if (index.empty()) return members.fail(syntax_error, "index must have at least one column");
  // Uniqueness must survive a restart, when ephemeral columns return to their defaults.
  for (const auto column : index)
    if (const auto& schema = table.columns[column]; schema.ephemeral)
      return members.fail(syntax_error, fmt::format("ephemeral columns (such as {}) may not be indexed", schema.name));
  return index;
}

Result<> read_columns(TableSchema& table, const MemberReader& members, const json::object& columns) {
  if (columns.empty()) return members.fail(syntax_error, "table must have at least one column");
  BaseType uuid;
  uuid.type = AtomType::uuid;
  table.columns.push_back(own_column("_uuid", {.key = uuid}));
  table.columns.push_back(own_column("_version", {.key = uuid}));
  for (auto& column : table.columns) column.is_mutable = false;
  for (const auto& [name, value] : columns) {
    TRY(check_name(name, members.object()));
    table.columns.push_back(TRY(column_from_json(name, value)));
  }
  std::sort(table.columns.begin() + first_own_column, table.columns.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return {};
}

Result<TableSchema> table_from_json(std::string_view name, const json::value& value) {
  TableSchema table;
  table.name = name;
  const auto what = fmt::format("table schema for table {}", name);
  auto members = TRY(MemberReader::open(value, what));
  const auto* columns = TRY(members.required_object("columns"));
  TRY(read_columns(table, members, *columns));
  constexpr auto no_limit = std::numeric_limits<std::int64_t>::max();
  const auto max_rows = TRY(members.optional_integer("maxRows", no_limit));
  if (max_rows < 1) return members.fail(syntax_error, "maxRows must be at least 1");
  if (max_rows != no_limit) table.max_rows = static_cast<std::size_t>(max_rows);
  table.is_root = TRY(members.optional_bool("isRoot", false));
  if (const auto* indexes = TRY(members.optional_array("indexes")))
    for (const auto& index : *indexes) table.indexes.push_back(TRY(index_from_json(table, members, index)));
  TRY(members.finish());
  return table;
}

// `part`: "key" or "value".
Result<> check_reference(const DatabaseSchema& schema, const BaseType& base, std::string_view part,
                         ColumnSchema& column) {
  if (base.ref_table.empty()) return {};
  const auto target = schema.find(base.ref_table);
  if (!target)
    return fail(syntax_error,
                fmt::format("column {} {} refers to undefined table {}", column.name, part, base.ref_table));
  // Removing the row that a weak reference names must be able to change the column.
  if (base.is_weak_ref()) column.is_mutable = true;
  // A row that only an ephemeral reference keeps alive would be gone after a restart: such a column is kept.
  if (base.is_strong_ref() && !schema.tables[*target].is_root) column.ephemeral = false;
  return {};
}

Result<> check_references(DatabaseSchema& schema) {
  for (auto& table : schema.tables) {
    for (auto& column : table.columns) {
      TRY(check_reference(schema, column.type.key, "key", column));
      if (column.type.value) TRY(check_reference(schema, *column.type.value, "value", column));
    }
  }
  return {};
}

json::value column_to_json(const ColumnSchema& column) {
  json::object object{{"type", column.type.to_json()}};
  if (column.ephemeral) object["ephemeral"] = true;
  if (!column.is_mutable) object["mutable"] = false;
  return object;
}

json::value table_to_json(const TableSchema& table, bool root_by_default) {
  json::object columns;
  for (std::size_t i = first_own_column; i < table.columns.size(); ++i) {
    columns[table.columns[i].name] = column_to_json(table.columns[i]);
  }
  json::object object{{"columns", std::move(columns)}};
  if (table.max_rows != unlimited) object["maxRows"] = table.max_rows;
  if (table.is_root && !root_by_default) object["isRoot"] = true;
  json::array indexes;
  for (const auto& index : table.indexes) {
    json::array names;
    for (const auto column : index) names.push_back(json::value(table.columns[column].name));
    indexes.push_back(std::move(names));
  }
  if (!indexes.empty()) object["indexes"] = std::move(indexes);
  return object;
}

template <class Named>
std::optional<std::size_t> position_of(std::span<const Named> sorted, std::string_view name) {
  const auto found = std::ranges::lower_bound(sorted, name, {}, &Named::name);
  if (found == sorted.end() || found->name != name) return std::nullopt;
  return static_cast<std::size_t>(found - sorted.begin());
}

}  // namespace

std::optional<SchemaVersion> parse_schema_version(std::string_view text) {
  SchemaVersion version{};
  for (std::size_t part = 0; part < version.size(); ++part) {
    if (part > 0) {
      if (!text.starts_with('.')) return std::nullopt;
      text.remove_prefix(1);
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version[part]);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  return text.empty() ? std::optional(version) : std::nullopt;
}

std::optional<std::size_t> TableSchema::find(std::string_view column) const {
  if (column == "_uuid") return uuid_column;
  if (column == "_version") return version_column;
  const auto position = position_of(std::span(columns).subspan(first_own_column), column);
  return position ? std::optional(*position + first_own_column) : std::nullopt;
}

Result<DatabaseSchema> DatabaseSchema::from_json(const json::value& value) {
  DatabaseSchema schema;
  auto members = TRY(MemberReader::open(value, "database schema"));
  schema.name = TRY(members.required_identifier("name"));
  schema.version = TRY(members.optional_string("version"));
  if (!schema.version.empty() && !parse_schema_version(schema.version))
    return members.fail(syntax_error, fmt::format("schema version \"{}\" not in format x.y.z", schema.version));
  schema.checksum = TRY(members.optional_string("cksum"));
  const auto* tables = TRY(members.required_object("tables"));
  for (const auto& [name, table] : *tables) {
    TRY(check_name(name, members.object()));
    schema.tables.push_back(TRY(table_from_json(name, table)));
  }
  TRY(members.finish());
  std::ranges::sort(schema.tables, {}, &TableSchema::name);
  if (std::ranges::none_of(schema.tables, &TableSchema::is_root)) {
    for (auto& table : schema.tables) table.is_root = true;
  }
  TRY(check_references(schema));
  return schema;
}

json::value DatabaseSchema::to_json() const {
  json::object object{{"name", name}};
  if (!version.empty()) object["version"] = version;
  if (!checksum.empty()) object["cksum"] = checksum;
  json::object all;
  const bool root_by_default = std::ranges::all_of(tables, &TableSchema::is_root);
  for (const auto& table : tables) all[table.name] = table_to_json(table, root_by_default);
  object["tables"] = std::move(all);
  return object;
}

std::optional<std::size_t> DatabaseSchema::find(std::string_view table) const {
  return position_of(std::span(tables), table);
}

}  // namespace weft::ovsdb
