// A transaction, as a database's log keeps it, in words: what show-log prints of it (ovsdb-tool(1)).
#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "ovsdb/schema.hpp"

namespace weft::dbtool {

// Remembers what the rows are called from one transaction to the next.
class TransactionPrinter {
 public:
  // `more`: 0 tells date and comment, 1 the rows, too, and 2 their columns.
  TransactionPrinter(int more, std::FILE* out) : more_(more), out_(out) {}

  // For the transactions from here on.
  void set_schema(ovsdb::DatabaseSchema schema) { schema_ = std::move(schema); }
  void print(const json::object& transaction);

 private:
  void print_tables(const json::object& transaction);
  void print_row(std::string_view table_name, const ovsdb::TableSchema* table, std::string_view uuid,
                 const json::value& columns);
  void print_columns(const ovsdb::TableSchema* table, const json::object& columns);
  std::string value_text(const ovsdb::ColumnType& type, const json::value& value) const;

  int more_;
  std::FILE* out_;
  ovsdb::DatabaseSchema schema_;
  bool is_diff_ = false;
  std::map<std::string, std::string, std::less<>> names_;  // What the rows that are there now are called, by UUID.
};

}  // namespace weft::dbtool
