#include "dbtool/transaction_printer.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <limits>

#include "cli/value_format.hpp"
#include "ovsdb/datum_diff.hpp"

namespace weft::dbtool {
namespace {

// "2026-11-22 19:56:17.901", UTC. Old files tell seconds, later ones milliseconds.
std::string date_text(std::int64_t date) {
  constexpr std::int64_t largest_in_seconds = std::numeric_limits<std::int32_t>::max();
  const auto ms = date <= largest_in_seconds ? date * 1000 : date;
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds(ms)};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03}", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

// The last year that is told: a date is whatever somebody wrote into the file.
constexpr std::int64_t last_date_ms = 253'402'300'799'999;  // 9999-12-31 23:59:59.999

bool is_told(std::int64_t date) { return date >= -last_date_ms / 1000 && date <= last_date_ms; }

}  // namespace

void TransactionPrinter::print(const json::object& transaction) {
  if (const auto* date = transaction.if_contains("_date"); date && date->is_int64() && is_told(date->get_int64()))
    fmt::print(out_, " {}", date_text(date->get_int64()));
  if (const auto* comment = transaction.if_contains("_comment"); comment && comment->is_string())
    fmt::print(out_, " \"{}\"", std::string_view(comment->get_string()));
  fmt::print(out_, "\n");
  if (more_ > 0) print_tables(transaction);
}

void TransactionPrinter::print_tables(const json::object& transaction) {
  const auto* flag = transaction.if_contains("_is_diff");
  is_diff_ = flag && flag->is_bool() && flag->get_bool();
  bool any = false;
  for (const auto& [name, rows] : transaction) {
    if (name.starts_with('_') || !rows.is_object()) continue;
    const auto position = schema_.find(name);
    const auto* table = position ? &schema_.tables[*position] : nullptr;
    for (const auto& [uuid, columns] : rows.get_object()) print_row(name, table, uuid, columns);
    any = true;
  }
  if (any) fmt::print(out_, "\n");
}

void TransactionPrinter::print_row(std::string_view table_name, const ovsdb::TableSchema* table, std::string_view uuid,
                                   const json::value& columns) {
  const auto short_uuid = uuid.substr(0, 8);
  const auto known = names_.find(uuid);
  const auto* members = columns.if_object();
  const auto* name = members ? members->if_contains("name") : nullptr;
  fmt::print(out_, "  table {}", table_name);
  if (known != names_.end())
    fmt::print(out_, " row {} ({}){}:\n", known->second, short_uuid, is_diff_ ? " diff" : "");
  else if (name)
    fmt::print(out_, " insert row {} ({}):\n", to_text(*name), short_uuid);
  else
    fmt::print(out_, " insert row {}:\n", short_uuid);
  if (columns.is_null()) {
    fmt::print(out_, "    delete row\n");
    if (known != names_.end()) names_.erase(known);
  }
  if (!members) return;
  if (more_ > 1) print_columns(table, *members);
  if (name)
    names_.insert_or_assign(std::string(uuid), to_text(*name));
  else if (known == names_.end())
    names_.emplace(uuid, short_uuid);
}

void TransactionPrinter::print_columns(const ovsdb::TableSchema* table, const json::object& columns) {
  for (const auto& [name, value] : columns) {
    const auto position = table ? table->find(name) : std::nullopt;
    const auto text = position ? value_text(table->columns[*position].type, value) : to_text(value);
    fmt::print(out_, "    {}={}\n", std::string_view(name), text);
  }
}

// As it stands in the record: a difference is shown as a difference. JSON where it is no value of the column.
std::string TransactionPrinter::value_text(const ovsdb::ColumnType& type, const json::value& value) const {
  const auto datum = (is_diff_ ? ovsdb::difference_type(type) : type).datum_from_json(value);
  return datum ? cli::format_datum(type, *datum) : to_text(value);
}

}  // namespace weft::dbtool
