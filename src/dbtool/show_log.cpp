// show-log: the records of a database file as text (ovsdb-tool(1)).
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <limits>
#include <map>

#include "base/unique_fd.hpp"
#include "cli/value_format.hpp"
#include "dbtool/files.hpp"
#include "dbtool/handlers.hpp"
#include "ovsdb/datum_diff.hpp"
#include "ovsdb/log_reader.hpp"

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

class LogPrinter {
 public:
  LogPrinter(int more, std::FILE* out) : more_(more), out_(out) {}

  Result<> print(const json::value& record) {
    if (!schema_) return print_schema(record);
    const auto* members = record.if_object();
    if (!members) return fail("corrupt database", "a transaction must be a JSON object, not " + excerpt(record));
    fmt::print(out_, "record {}:", ++number_);
    if (const auto* date = members->if_contains("_date"); date && date->is_int64() && is_told(date->get_int64()))
      fmt::print(out_, " {}", date_text(date->get_int64()));
    if (const auto* comment = members->if_contains("_comment"); comment && comment->is_string())
      fmt::print(out_, " \"{}\"", std::string_view(comment->get_string()));
    fmt::print(out_, "\n");
    if (more_ > 0) print_tables(*members);
    return {};
  }

 private:
  static bool is_told(std::int64_t date) { return date >= -last_date_ms / 1000 && date <= last_date_ms; }

  Result<> print_schema(const json::value& record) {
    schema_ = TRY(ovsdb::DatabaseSchema::from_json(record));
    fmt::print(out_, "record 0: \"{}\" schema, version=\"{}\", cksum=\"{}\"\n\n", schema_->name, schema_->version,
               schema_->checksum);
    return {};
  }

  void print_tables(const json::object& record) {
    const auto* flag = record.if_contains("_is_diff");
    is_diff_ = flag && flag->is_bool() && flag->get_bool();
    bool any = false;
    for (const auto& [name, rows] : record) {
      if (name.starts_with('_') || !rows.is_object()) continue;
      const auto position = schema_->find(name);
      const auto* table = position ? &schema_->tables[*position] : nullptr;
      for (const auto& [uuid, columns] : rows.get_object()) print_row(name, table, uuid, columns);
      any = true;
    }
    if (any) fmt::print(out_, "\n");
  }

  void print_row(std::string_view table_name, const ovsdb::TableSchema* table, std::string_view uuid,
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

  void print_columns(const ovsdb::TableSchema* table, const json::object& columns) {
    for (const auto& [name, value] : columns) {
      const auto position = table ? table->find(name) : std::nullopt;
      const auto text = position ? value_text(table->columns[*position].type, value) : to_text(value);
      fmt::print(out_, "    {}={}\n", std::string_view(name), text);
    }
  }

  // As it stands in the record: a difference is shown as a difference. JSON where it is no value of the column.
  std::string value_text(const ovsdb::ColumnType& type, const json::value& value) const {
    const auto datum = (is_diff_ ? ovsdb::difference_type(type) : type).datum_from_json(value);
    return datum ? cli::format_datum(type, *datum) : to_text(value);
  }

  int more_;
  std::FILE* out_;
  std::optional<ovsdb::DatabaseSchema> schema_;  // After the first record.
  std::uint64_t number_ = 0;
  bool is_diff_ = false;
  std::map<std::string, std::string, std::less<>> names_;  // What the rows that are there now are called, by UUID.
};

}  // namespace

Result<int> show_log(const Invocation& line) {
  const auto path = database_argument(line, 0);
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return fail("I/O error", fmt::format("{}: cannot open: {}", path, std::strerror(errno)));
  LogPrinter printer(line.options.more, line.out);
  const auto extent =
      ovsdb::read_log(fd.get(), [&](const ovsdb::LogRecord& record) { return printer.print(record.value); });
  if (!extent) return fail(extent.error().tag, fmt::format("{}: {}", path, extent.error().details));
  TRY(ovsdb::refuse_torn(*extent, path));
  return exit_success;
}

}  // namespace weft::dbtool
