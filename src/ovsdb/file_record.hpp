// Transactions as records of the database file (ovsdb(5) "Standalone Format"), both ways.
#pragma once

#include "ovsdb/bulk_load.hpp"

namespace weft::ovsdb {

// Since 1970, in UTC.
std::int64_t unix_time_ms();

// How changed values are written: as their difference ("_is_diff"), so that a record costs what changed, or whole.
enum class ValuesAs { differences, wholes };

// None: nothing that is kept has changed (ephemeral columns are not). `date_ms`: since 1970.
std::optional<json::object> record_of(const DatabaseSchema& schema, const ChangeSet& changes,
                                      const std::string& comment, std::int64_t date_ms,
                                      ValuesAs values_as = ValuesAs::differences);

// The whole content of a database as one record; none: it has no rows.
std::optional<json::object> snapshot_of(const Database& database, const std::string& comment, std::int64_t date_ms);

// What a record changed: each row that it names, in order, as it was before.
struct RecordedChange {
  struct Before {
    std::size_t table;
    Uuid row;
    RowPtr content;  // Null: there was no such row.
  };
  std::vector<Before> rows;
  std::size_t values = 0;  // How many rows, and elements of sets and maps, are kept here and nowhere else.
};

// The rows that a sequence of records leaves.
class RecordedRows {
 public:
  explicit RecordedRows(const DatabaseSchema& schema) : schema_(schema), tables_(schema.tables.size()) {}

  // "corrupt database", "unknown table": a table, column or value that the schema does not have, or a row that does not
  // exist; then the rows are as they were before.
  Result<RecordedChange> apply(const json::value& record);
  // Into a database without rows. The errors of bulk_load(), as "corrupt database".
  Result<> insert_into(Database& database);

 private:
  Result<> apply_tables(const json::value& record, RecordedChange& change);
  Result<> apply_row(std::size_t table, const Uuid& uuid, const json::value& change, bool is_diff,
                     RecordedChange& recorded);
  void undo(const RecordedChange& change);

  const DatabaseSchema& schema_;
  std::vector<Rows> tables_;
};

}  // namespace weft::ovsdb
