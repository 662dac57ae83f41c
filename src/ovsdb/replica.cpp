#include "ovsdb/replica.hpp"

#include "ovsdb/datum_diff.hpp"
#include "ovsdb/row_json.hpp"
#include "ovsdb/transaction.hpp"

namespace weft::ovsdb {
namespace {

std::unexpected<Error> not_understood(std::string_view what) {
  return fail("protocol error", fmt::format("an update of a replicated database is not understood: {}", what));
}

// Calls visit(table, row's UUID, what is told of it) for everything that `updates` names.
template <class Visit>
Result<> for_each_update(const DatabaseSchema& schema, const json::value& updates, Visit visit) {
  if (!updates.is_object()) return not_understood(excerpt(updates));
  for (const auto& table : updates.get_object()) {
    const auto position = schema.find(table.key());
    if (!position || !table.value().is_object()) return not_understood(std::string_view(table.key()));
    for (const auto& row : table.value().get_object()) {
      const auto uuid = Uuid::parse(row.key());
      const auto* told = row.value().if_object();
      if (!uuid || !told || told->size() != 1) return not_understood(excerpt(row.value()));
      TRY(visit(*position, *uuid, std::string_view(told->begin()->key()), told->begin()->value()));
    }
  }
  return {};
}

Result<std::vector<Datum>> whole_row(const TableSchema& table, const Uuid& uuid, const json::value& told) {
  auto columns = default_columns(table);
  columns[uuid_column] = Datum::scalar(uuid);
  for (auto& value : TRY(row_from_json(table, told))) columns[value.column] = std::move(value.value);
  return columns;
}

Result<std::vector<Datum>> changed_row(const TableSchema& table, const Row& before, const json::value& told) {
  if (!told.is_object()) return not_understood(excerpt(told));
  auto columns = before.columns;
  for (const auto& member : told.get_object()) {
    const auto column = TRY(find_column(table, member.key(), told));
    const auto& type = table.columns[column].type;
    const auto difference = TRY(difference_type(type).datum_from_json(member.value()));
    columns[column] = TRY(apply_difference(type, columns[column], difference));
  }
  return columns;
}

void put(Transaction& transaction, std::size_t table, const Uuid& uuid, std::vector<Datum> columns) {
  if (transaction.find(table, uuid)) {
    transaction.replace(table, uuid, std::move(columns));
  } else {
    transaction.insert(table, std::move(columns));
  }
}

}  // namespace

Result<> replace_content(Database& database, const json::value& updates, const std::set<std::string>& spared) {
  const auto& schema = database.schema();
  std::vector<std::set<Uuid>> named(schema.tables.size());
  Transaction transaction(database);
  const auto put_row = [&](std::size_t table, const Uuid& uuid, std::string_view, const json::value& told) -> Result<> {
    put(transaction, table, uuid, TRY(whole_row(schema.tables[table], uuid, told)));
    named[table].insert(uuid);
    return {};
  };
  TRY(for_each_update(schema, updates, put_row));
  for (std::size_t table = 0; table < schema.tables.size(); ++table) {
    if (spared.contains(schema.tables[table].name)) continue;
    for (const auto& [uuid, row] : database.rows(table))
      if (!named[table].contains(uuid)) transaction.erase(table, uuid);
  }
  return transaction.commit();
}

Result<> apply_updates(Database& database, const json::value& updates) {
  const auto& schema = database.schema();
  Transaction transaction(database);
  const auto carry_out = [&](std::size_t table, const Uuid& uuid, std::string_view event,
                             const json::value& told) -> Result<> {
    const auto row = transaction.find(table, uuid);
    if (event == "insert" || event == "initial") {
      put(transaction, table, uuid, TRY(whole_row(schema.tables[table], uuid, told)));
    } else if (event == "modify" && row) {
      transaction.replace(table, uuid, TRY(changed_row(schema.tables[table], *row, told)));
    } else if (event == "delete") {
      if (row) transaction.erase(table, uuid);
    } else {
      return not_understood(event);
    }
    return {};
  };
  TRY(for_each_update(schema, updates, carry_out));
  return transaction.commit();
}

json::object requests_for_all(const DatabaseSchema& schema, const std::set<std::string>& spared) {
  json::object requests;
  for (const auto& table : schema.tables) {
    if (spared.contains(table.name)) continue;
    json::array columns;
    for (std::size_t column = first_own_column; column < table.columns.size(); ++column)
      columns.push_back(json::value(table.columns[column].name));
    requests[table.name] = json::array{json::object{{"columns", std::move(columns)}}};
  }
  return requests;
}

Result<> can_hold(const DatabaseSchema& ours, const DatabaseSchema& theirs, const std::set<std::string>& spared) {
  for (const auto& table : theirs.tables) {
    if (spared.contains(table.name)) continue;
    const auto position = ours.find(table.name);
    if (!position) return fail("schema", fmt::format("Table {} not present in the local db schema", table.name));
    const auto& own = ours.tables[*position];
    for (const auto& column : table.columns) {
      const auto place = own.find(column.name);
      if (!place)
        return fail("schema",
                    fmt::format("Column {} not present in the local db schema table {}.", column.name, table.name));
      if (own.columns[*place].type != column.type)
        return fail("schema", fmt::format("Column {} of table {} has another type in the local db schema.", column.name,
                                          table.name));
    }
  }
  return {};
}

}  // namespace weft::ovsdb
