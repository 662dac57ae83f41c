#include "ovsdb/schema.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ovsdb/error_tags.hpp"
#include "ovsdb/member_reader.hpp"

namespace weft::ovsdb {
namespace {

Error within(std::string_view where, Error error) {
  error.details = fmt::format("{}: {}", where, error.details);
  return error;
}

// A result, its error preceded by where it happened.
template <class T>
Result<T> within(std::string_view where, Result<T> result) {
  if (!result) return std::unexpected(within(where, std::move(result).error()));
  return result;
}

Result<> check_name(std::string_view what, std::string_view name) {
  if (!is_identifier(name)) {
    return fail(syntax_error, fmt::format("{} is no valid name for a {}: letters, digits and _ only, no digit first",
                                          excerpt(json::value(name)), what));
  }
  if (name.front() == '_') {
    return fail(syntax_error, fmt::format("{} \"{}\": names that begin with _ are reserved", what, name));
  }
  return {};
}

ColumnSchema own_column(std::string name, ColumnType type) {
  auto default_value = type.default_datum();
  return {.name = std::move(name), .type = std::move(type), .default_value = std::move(default_value)};
}

Result<ColumnSchema> column_from_json(std::string_view name, const json::value& value) {
  TRY(check_name("column", name));
  auto members = TRY(MemberReader::open(value, "column schema"));
  const auto* type = TRY(members.required("type"));
  auto column = own_column(std::string(name), TRY(ColumnType::from_json(*type)));
  column.ephemeral = TRY(members.optional_bool("ephemeral", false));
  column.is_mutable = TRY(members.optional_bool("mutable", true));
  TRY(members.finish());
  return column;
}

Result<std::vector<std::size_t>> index_from_json(const TableSchema& table, const json::value& value) {
  const auto* names = value.if_array();
  if (!names || names->empty()) {
    return fail(syntax_error, "an index must be an array of column names, not " + excerpt(value));
  }
  std::vector<std::size_t> index;
  for (const auto& name : *names) {
    const auto column = name.is_string() ? table.find(name.get_string()) : std::nullopt;
    if (!column) return fail(syntax_error, fmt::format("index on {}, which is no column", excerpt(name)));
    if (std::ranges::find(index, *column) != index.end()) {
      return fail(syntax_error, fmt::format("an index has column {} twice", excerpt(name)));
    }
    // Uniqueness must survive a restart, when ephemeral columns return to their defaults.
    if (table.columns[*column].ephemeral) {
      return fail(syntax_error, fmt::format("index on the ephemeral column {}", excerpt(name)));
    }
    index.push_back(*column);
  }
  return index;
}

Result<> read_columns(TableSchema& table, const json::object& columns) {
  if (columns.empty()) return fail(syntax_error, "a table must have at least one column");
  BaseType uuid;
  uuid.type = AtomType::uuid;
  table.columns.push_back(own_column("_uuid", {.key = uuid}));
  table.columns.push_back(own_column("_version", {.key = uuid}));
  for (auto& column : table.columns) column.is_mutable = false;
  for (const auto& [name, value] : columns) {
    table.columns.push_back(
        TRY(within(fmt::format("column \"{}\"", std::string_view(name)), column_from_json(name, value))));
  }
  std::sort(table.columns.begin() + first_own_column, table.columns.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return {};
}

Result<TableSchema> table_from_json(std::string_view name, const json::value& value) {
  TRY(check_name("table", name));
  TableSchema table;
  table.name = name;
  auto members = TRY(MemberReader::open(value, "table schema"));
  const auto* columns = TRY(members.required_object("columns"));
  TRY(read_columns(table, *columns));
  constexpr auto no_limit = std::numeric_limits<std::int64_t>::max();
  const auto max_rows = TRY(members.optional_integer("maxRows", no_limit));
  if (max_rows < 1) return fail(syntax_error, fmt::format("\"maxRows\" must be 1 or more, not {}", max_rows));
  if (max_rows != no_limit) table.max_rows = static_cast<std::size_t>(max_rows);
  table.is_root = TRY(members.optional_bool("isRoot", false));
  if (const auto* indexes = members.optional("indexes")) {
    if (!indexes->is_array()) return fail(syntax_error, "\"indexes\" must be an array, not " + excerpt(*indexes));
    for (const auto& index : indexes->get_array()) table.indexes.push_back(TRY(index_from_json(table, index)));
  }
  TRY(members.finish());
  return table;
}

Result<> check_reference(const DatabaseSchema& schema, const BaseType& base, ColumnSchema& column) {
  if (base.ref_table.empty()) return {};
  const auto target = schema.find(base.ref_table);
  if (!target) {
    return fail(syntax_error, fmt::format("refTable \"{}\" is no table of this schema", base.ref_table));
  }
  // Removing the row that a weak reference names must be able to change the column.
  if (base.is_weak_ref()) column.is_mutable = true;
  // A row that only an ephemeral reference keeps alive would be gone after a restart: such a column is kept.
  if (base.is_strong_ref() && !schema.tables[*target].is_root) column.ephemeral = false;
  return {};
}

Result<> check_references(DatabaseSchema& schema) {
  for (auto& table : schema.tables) {
    for (auto& column : table.columns) {
      const auto where = [&] { return fmt::format("table \"{}\": column \"{}\"", table.name, column.name); };
      TRY(within(where(), check_reference(schema, column.type.key, column)));
      if (column.type.value) TRY(within(where(), check_reference(schema, *column.type.value, column)));
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

bool is_identifier(std::string_view text) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && is_letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return is_letter(c) || is_digit(c); });
}

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
  schema.name = TRY(members.required_string("name"));
  if (!is_identifier(schema.name)) TRY(check_name("database", schema.name));
  schema.version = TRY(members.optional_string("version"));
  if (!schema.version.empty() && !parse_schema_version(schema.version)) {
    return fail(syntax_error, fmt::format("\"version\" must be three numbers like 8.3.1, not {}",
                                          excerpt(json::value(schema.version))));
  }
  schema.checksum = TRY(members.optional_string("cksum"));
  const auto* tables = TRY(members.required_object("tables"));
  for (const auto& [name, table] : *tables) {
    schema.tables.push_back(
        TRY(within(fmt::format("table \"{}\"", std::string_view(name)), table_from_json(name, table))));
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
