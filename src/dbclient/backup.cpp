// backup: the schema and all rows as a database file (ovsdb(5) "Standalone Format"), columns that are not kept left
// out.
#include <chrono>

#include "dbclient/handlers.hpp"
#include "ovsdb/log_format.hpp"

namespace weft::dbclient {
namespace {

json::object select_kept(const ovsdb::TableSchema& table) {
  json::array columns{"_uuid"};
  for (std::size_t i = ovsdb::first_own_column; i < table.columns.size(); ++i)
    if (!table.columns[i].ephemeral) columns.emplace_back(table.columns[i].name);
  return {{"op", "select"}, {"table", table.name}, {"where", json::array()}, {"columns", std::move(columns)}};
}

// {UUID: row} from the answer to select_kept().
Result<json::object> rows_by_uuid(json::value& result) {
  auto* object = result.if_object();
  auto* rows = object ? object->if_contains("rows") : nullptr;
  if (!rows || !rows->is_array()) return fail("protocol error", "the answer to \"select\" is " + excerpt(result));
  json::object by_uuid;
  for (auto& each : rows->get_array()) {
    auto* row = each.if_object();
    const auto* name = row ? row->if_contains("_uuid") : nullptr;
    if (!name) return fail("protocol error", "a row without \"_uuid\": " + excerpt(each));
    const auto uuid = TRY(ovsdb::atom_from_json(ovsdb::AtomType::uuid, *name));
    row->erase("_uuid");
    by_uuid.emplace(std::get<Uuid>(uuid).to_string(), std::move(each));
  }
  return by_uuid;
}

}  // namespace

Result<> backup(Context& context) {
  const auto schema = TRY(context.read_schema(context.database));
  json::array operations;  // One transaction: the rows belong together.
  for (const auto& table : schema.tables) operations.push_back(select_kept(table));
  auto results = TRY(context.transact(std::move(operations)));
  if (results.size() < schema.tables.size())
    return fail("protocol error", "the server left out results of a transaction");
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  json::object record{{"_comment", "produced by \"ovsdb-client backup\""},
                      {"_date", std::chrono::floor<std::chrono::milliseconds>(now).count()},
                      {"_is_diff", true}};
  for (std::size_t i = 0; i < schema.tables.size(); ++i) {
    auto rows = TRY(rows_by_uuid(results[i]));
    if (!rows.empty()) record[schema.tables[i].name] = std::move(rows);
  }
  context.print(ovsdb::make_record(to_text(schema.to_json())));
  context.print(ovsdb::make_record(to_text(record)));
  return {};
}

}  // namespace weft::dbclient
