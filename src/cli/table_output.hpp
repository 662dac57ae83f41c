// Tables in the five formats of ovs-vsctl(8) "Table Formatting Options".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/cell.hpp"

namespace weft::cli {

enum class TableFormat { list, table, html, csv, json };

std::optional<TableFormat> parse_table_format(std::string_view name);
std::optional<DataStyle> parse_data_style(std::string_view name);

struct TableStyle {
  TableFormat format = TableFormat::list;
  DataStyle data = DataStyle::string;
  bool headings = true;
  bool pretty = false;               // JSON on many lines.
  std::size_t max_column_width = 0;  // Of format table, in characters; 0: none. A heading is shown whole all the same.
};

struct Table {
  std::vector<std::string> headings;
  std::vector<std::vector<Cell>> rows;  // Each as long as headings.
  std::string caption = {};             // Empty: none.
  std::string time = {};                // When it was so; empty: not said.
};

// JSON as these programs print it: one line, or (`pretty`) many, as Open vSwitch breaks it. No line feed at its end.
std::string json_output(const json::value& value, bool pretty);

// Prints the tables of one run: where the format needs it, a blank line stands between two of them.
class TablePrinter {
 public:
  explicit TablePrinter(const TableStyle& style) : style_(style) {}
  std::string print(const Table& table);

 private:
  TableStyle style_;
  bool is_first_ = true;
};

}  // namespace weft::cli
