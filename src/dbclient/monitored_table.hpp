// What a monitor follows of one table: the request for it, and how its updates become rows on the terminal.
#pragma once

#include <span>
#include <string>

#include "cli/table_output.hpp"
#include "ovsdb/schema.hpp"

namespace weft::dbclient {

class MonitoredTable {
 public:
  // `groups`: "name,ports,!initial" each; none: all columns, and all kinds of changes. `condition`: null, or the
  // "where" of each request. `schema` must outlive the result. Errors: "usage": a column that the table has not, or
  // that is mentioned twice.
  static Result<MonitoredTable> parse(const std::string& database, const ovsdb::TableSchema& schema,
                                      std::span<const std::string> groups, const json::value* condition);

  const std::string& name() const { return schema_->name; }
  const json::array& requests() const { return requests_; }

  // A <table-update> of RFC 7047 section 4.1.6, or a <table-update2> of ovsdb-server(7) section 4.1.14: a line for each
  // row, two for a change of the first kind. Errors: "protocol error", and those of a value of the wrong type.
  Result<cli::Table> rows(const json::value& update, bool is_initial) const;

 private:
  explicit MonitoredTable(const ovsdb::TableSchema& schema) : schema_(&schema) {}
  Result<> add_group(const std::string& database, const std::string& group, const json::value* condition);
  Result<std::vector<cli::Cell>> line(std::string_view uuid, std::string_view action, const json::value& row) const;

  const ovsdb::TableSchema* schema_;
  std::vector<std::size_t> columns_;  // As they are shown.
  json::array requests_;
};

}  // namespace weft::dbclient
