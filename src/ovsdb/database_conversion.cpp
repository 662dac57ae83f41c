#include "ovsdb/database_conversion.hpp"

#include "ovsdb/row_json.hpp"
#include "ovsdb/transaction.hpp"

namespace weft::ovsdb {
namespace {

// A column that both schemas have, by its position in each.
struct KeptColumn {
  std::size_t from;
  std::size_t to;
  bool has_same_type;
};

std::vector<KeptColumn> kept_columns(const TableSchema& from, const TableSchema& to) {
  std::vector<KeptColumn> kept;
  for (std::size_t column = first_own_column; column < to.columns.size(); ++column)
    if (const auto source = from.find(to.columns[column].name))
      kept.push_back({*source, column, from.columns[*source].type == to.columns[column].type});
  return kept;
}

Result<> convert_table(const Database& source, std::size_t source_table, Transaction& target,
                       std::size_t target_table) {
  const auto& from = source.schema().tables[source_table];
  const auto& to = target.database().schema().tables[target_table];
  const auto kept = kept_columns(from, to);
  for (const auto& [uuid, row] : source.rows(source_table)) {
    auto columns = default_columns(to);
    columns[uuid_column] = Datum::scalar(uuid);
    for (const auto& column : kept) {
      const auto& value = row->columns[column.from];
      const auto& schema = to.columns[column.to];
      if (column.has_same_type) {
        columns[column.to] = value;
        continue;
      }
      // What was never set is not set: a default becomes a default.
      if (value == from.columns[column.from].default_value) continue;
      const auto written = from.columns[column.from].type.datum_to_json(value);
      columns[column.to] = TRY(in_column(to, schema, schema.type.datum_from_json(written)));
    }
    target.insert(target_table, std::move(columns));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Database>> convert_database(const Database& from, const DatabaseSchema& schema) {
  auto converted = std::make_unique<Database>(schema, nullptr);
  Transaction transaction(*converted);
  for (std::size_t table = 0; table < schema.tables.size(); ++table)
    if (const auto source = from.schema().find(schema.tables[table].name))
      TRY(convert_table(from, *source, transaction, table));
  TRY(transaction.commit());
  return converted;
}

}  // namespace weft::ovsdb
