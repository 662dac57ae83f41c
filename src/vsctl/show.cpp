// ovs-vsctl(8) "show": the database as a tree, in one round trip.
#include <fmt/format.h>

#include <set>

#include "vsctl/handlers.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

// A record is a line with its table and name, and beneath it the columns that are not at their default. Where a column
// refers to another of these tables, the records it refers to stand in its place.
struct Shown {
  std::string_view table;
  std::string_view name_column;  // Empty: the record's UUID is its title.
  std::vector<std::string_view> columns;
};

const std::vector<Shown>& shown_tables() {
  static const std::vector<Shown> tables{
      {"Open_vSwitch", "", {"manager_options", "bridges", "ovs_version"}},
      {"Bridge", "name", {"controller", "fail_mode", "datapath_type", "ports"}},
      {"Port", "name", {"tag", "trunks", "interfaces"}},
      {"Interface", "name", {"type", "options", "error", "bfd_status"}},
      {"Controller", "target", {"is_connected"}},
      {"Manager", "target", {"is_connected"}},
  };
  return tables;
}

const Shown* shown(std::string_view table) {
  const auto found = std::ranges::find(shown_tables(), table, &Shown::table);
  return found == shown_tables().end() ? nullptr : &*found;
}

class Tree {
 public:
  explicit Tree(Context& context) : context_(context) {}

  Result<> read() {
    std::vector<Query> queries;
    for (const auto& each : shown_tables()) {
      auto columns = each.columns;
      if (!each.name_column.empty()) columns.push_back(each.name_column);
      queries.push_back({.table = each.table, .columns = std::move(columns), .guard = Guard::none});
    }
    roots_ = TRY(context_.view().select(std::move(queries))).front();
    return {};
  }

  Result<> print() {
    for (const auto& root : roots_) TRY(print_record(shown_tables().front(), root, 0));
    return {};
  }

 private:
  Result<std::string> title(const Shown& table, const Uuid& row) {
    if (table.name_column.empty()) return row.to_string();
    const auto name = TRY(context_.view().read(table.table, row, table.name_column, Guard::none));
    return fmt::format("{} {}", table.table, format_atom(name.keys().front()));
  }

  void print_line(std::size_t depth, std::string_view text) {
    context_.print_line(std::string(4 * depth, ' ').append(text));
  }

  Result<> print_record(const Shown& table, const Uuid& row, std::size_t depth) {
    print_line(depth, TRY(title(table, row)));
    if (!printed_.insert(row).second) return {};  // A record that two refer to is opened once.
    for (const auto column : table.columns) TRY(print_column(table.table, row, column, depth + 1));
    return {};
  }

  Result<> print_column(std::string_view table_name, const Uuid& row, std::string_view name, std::size_t depth) {
    const auto* table = TRY(context_.view().table(table_name));
    const auto& column = table->columns[*table->find(name)];  // There: read() has asked for it.
    const auto value = TRY(context_.view().read(table_name, row, name, Guard::none));
    if (const auto* referred = shown(column.type.key.ref_table)) return print_references(*referred, value, depth);
    if (!is_default(column, value)) print_line(depth, fmt::format("{}: {}", name, format_datum(column.type, value)));
    return {};
  }

  static bool is_default(const ovsdb::ColumnSchema& column, const Datum& value) {
    return value.empty() || value == column.default_value;
  }

  // In order of their titles: the order of UUIDs would tell people nothing.
  Result<> print_references(const Shown& table, const Datum& references, std::size_t depth) {
    std::vector<std::pair<std::string, Uuid>> records;
    for (const auto& atom : references.keys()) {
      const auto& row = std::get<Uuid>(atom);
      records.emplace_back(TRY(title(table, row)), row);
    }
    std::ranges::sort(records);
    for (const auto& [text, row] : records) TRY(print_record(table, row, depth));
    return {};
  }

  Context& context_;
  RowIds roots_;
  std::set<Uuid> printed_;
};

}  // namespace

Result<Outcome> show(Context& context) {
  Tree tree(context);
  TRY(tree.read());
  TRY(tree.print());
  return Outcome::done;
}

}  // namespace weft::vsctl
