#include "ovsdb/file_record.hpp"

#include <ranges>

#include "ovsdb/datum_diff.hpp"
#include "ovsdb/overlay.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::ovsdb {
namespace {

bool is_kept(std::size_t column, const ColumnSchema& schema) { return column >= first_own_column && !schema.ephemeral; }

json::object inserted_row(const TableSchema& table, const Row& row) {
  json::object columns;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const auto& schema = table.columns[column];
    if (is_kept(column, schema) && row.columns[column] != schema.default_value)
      columns.emplace(schema.name, schema.type.datum_to_json(row.columns[column]));
  }
  return columns;
}

// A value that was the default is written whole, any other as its difference: so Open vSwitch reads them.
bool is_written_as_difference(const ColumnSchema& column, const Datum& before) {
  return before != column.default_value;
}

json::object modified_row(const TableSchema& table, const Row& before, const Row& after, ValuesAs values_as) {
  json::object columns;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const auto& schema = table.columns[column];
    const auto& was = before.columns[column];
    const auto& is = after.columns[column];
    if (!is_kept(column, schema) || was == is) continue;
    const bool as_difference = values_as == ValuesAs::differences && is_written_as_difference(schema, was);
    columns.emplace(schema.name, as_difference
                                     ? difference_type(schema.type).datum_to_json(difference(schema.type, was, is))
                                     : schema.type.datum_to_json(is));
  }
  return columns;
}

std::optional<json::value> row_change(const TableSchema& table, const RowChange& change, ValuesAs values_as) {
  if (!change.after) return json::value(nullptr);
  if (!change.before) return inserted_row(table, *change.after);
  auto columns = modified_row(table, *change.before, *change.after, values_as);
  return columns.empty() ? std::nullopt : std::optional<json::value>(std::move(columns));
}

std::optional<json::object> finish(json::object record, const std::string& comment, std::int64_t date_ms) {
  if (record.empty()) return std::nullopt;
  record["_date"] = date_ms;
  if (!comment.empty()) record["_comment"] = comment;
  return record;
}

std::unexpected<Error> corrupt(std::string details) { return fail("corrupt database", std::move(details)); }

}  // namespace

std::int64_t unix_time_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::optional<json::object> record_of(const DatabaseSchema& schema, const ChangeSet& changes,
                                      const std::string& comment, std::int64_t date_ms, ValuesAs values_as) {
  json::object record;
  for (std::size_t table = 0; table < changes.tables.size(); ++table) {
    json::object rows;
    for (const auto& [uuid, change] : changes.tables[table])
      if (auto written = row_change(schema.tables[table], change, values_as))
        rows.emplace(uuid.to_string(), std::move(*written));
    if (!rows.empty()) record.emplace(schema.tables[table].name, std::move(rows));
  }
  if (!record.empty() && values_as == ValuesAs::differences) record["_is_diff"] = true;
  return finish(std::move(record), comment, date_ms);
}

std::optional<json::object> snapshot_of(const Database& database, const std::string& comment, std::int64_t date_ms) {
  json::object record;
  for (std::size_t table = 0; table < database.schema().tables.size(); ++table) {
    json::object rows;
    for (const auto& [uuid, row] : database.rows(table))
      rows.emplace(uuid.to_string(), inserted_row(database.schema().tables[table], *row));
    if (!rows.empty()) record.emplace(database.schema().tables[table].name, std::move(rows));
  }
  return finish(std::move(record), comment, date_ms);
}

Result<RecordedChange> RecordedRows::apply(const json::value& record) {
  RecordedChange change;
  if (auto applied = apply_tables(record, change); !applied) {
    undo(change);
    return std::unexpected(std::move(applied).error());
  }
  return change;
}

void RecordedRows::undo(const RecordedChange& change) {
  for (const auto& row : std::views::reverse(change.rows)) {
    if (row.content) {
      tables_[row.table].insert_or_assign(row.row, row.content);
    } else {
      tables_[row.table].erase(row.row);
    }
  }
}

Result<> RecordedRows::apply_tables(const json::value& record, RecordedChange& change) {
  const auto* members = record.if_object();
  if (!members) return corrupt("a transaction must be a JSON object, not " + excerpt(record));
  const auto* flag = members->if_contains("_is_diff");
  const bool is_diff = flag && flag->is_bool() && flag->get_bool();
  for (const auto& member : *members) {
    const std::string_view name = member.key();
    if (name.starts_with('_')) continue;  // _date, _comment, _is_diff: no table is called so.
    const auto table = schema_.find(name);
    // Told as Open vSwitch tells it.
    if (!table)
      return fail(fmt::format("syntax \"{}\": unknown table", excerpt(record)),
                  fmt::format("No table named {}.", name));
    if (!member.value().is_object()) return corrupt(fmt::format("table {}: expected an object of rows", name));
    for (const auto& row : member.value().get_object()) {
      const auto uuid = Uuid::parse(row.key());
      if (!uuid) return corrupt(fmt::format("table {}: {} is not a UUID", name, std::string_view(row.key())));
      TRY(apply_row(*table, *uuid, row.value(), is_diff, change));
    }
  }
  return {};
}

Result<> RecordedRows::apply_row(std::size_t table, const Uuid& uuid, const json::value& change, bool is_diff,
                                 RecordedChange& recorded) {
  const auto& schema = schema_.tables[table];
  const auto here = [&] { return fmt::format("table {}, row {}", schema.name, uuid.to_string()); };
  auto& rows = tables_[table];
  const auto found = rows.find(uuid);
  const auto old = found == rows.end() ? nullptr : found->second;
  ++recorded.values;
  if (change.is_null()) {
    if (!old) return corrupt(here() + ": deleted and does not exist");
    for (const auto& datum : old->columns) recorded.values += datum.size();
    recorded.rows.push_back({table, uuid, old});
    rows.erase(found);
    return {};
  }
  if (!change.is_object()) return corrupt(here() + ": expected an object of columns");
  auto columns = old ? old->columns : default_columns(schema);
  columns[uuid_column] = Datum::scalar(uuid);
  for (const auto& member : change.get_object()) {
    const auto column = schema.find(member.key());
    if (!column || *column < first_own_column)
      return corrupt(fmt::format("{}: there is no column {}", here(), std::string_view(member.key())));
    const auto& [name, type] = std::tie(schema.columns[*column].name, schema.columns[*column].type);
    auto& datum = columns[*column];
    const bool as_difference = is_diff && is_written_as_difference(schema.columns[*column], datum);
    auto value = (as_difference ? difference_type(type) : type).datum_from_json(member.value());
    if (value && as_difference) value = apply_difference(type, datum, *value);
    if (!value) return corrupt(fmt::format("{}, column {}: {}", here(), name, value.error().details));
    if (old) recorded.values += datum.size();
    datum = std::move(*value);
  }
  recorded.rows.push_back({table, uuid, old});
  auto row = make_row(std::move(columns), old.get());
  if (old) {
    found->second = std::move(row);
  } else {
    rows.emplace_hint(found, uuid, std::move(row));
  }
  return {};
}

Result<> RecordedRows::insert_into(Database& database) {
  auto rows = std::exchange(tables_, std::vector<Rows>(tables_.size()));
  if (auto loaded = bulk_load(database, std::move(rows)); !loaded)
    return corrupt("the rows do not fit together: " + loaded.error().details);
  return {};
}

}  // namespace weft::ovsdb
