// show-log: the records of a database file as text (ovsdb-tool(1)).
#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "dbtool/cluster_printer.hpp"
#include "dbtool/files.hpp"
#include "dbtool/handlers.hpp"
#include "dbtool/transaction_printer.hpp"
#include "ovsdb/cluster_file.hpp"
#include "ovsdb/database_offline.hpp"

namespace weft::dbtool {
namespace {

class LogPrinter {
 public:
  LogPrinter(int more, std::FILE* out) : transactions_(more, out), out_(out) {}

  Result<> print(const json::value& record) {
    if (number_++ == 0) return print_schema(record);
    const auto* members = record.if_object();
    if (!members) return fail("corrupt database", "a transaction must be a JSON object, not " + excerpt(record));
    fmt::print(out_, "record {}:", number_ - 1);
    transactions_.print(*members);
    return {};
  }

 private:
  Result<> print_schema(const json::value& record) {
    auto schema = TRY(ovsdb::DatabaseSchema::from_json(record));
    fmt::print(out_, "record 0: \"{}\" schema, version=\"{}\", cksum=\"{}\"\n\n", schema.name, schema.version,
               schema.checksum);
    transactions_.set_schema(std::move(schema));
    return {};
  }

  TransactionPrinter transactions_;
  std::FILE* out_;
  std::uint64_t number_ = 0;  // Of the next record.
};

Result<ovsdb::LogExtent> show_standalone(const Invocation& line, const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return fail("I/O error", fmt::format("{}: open failed ({})", path, std::strerror(errno)));
  LogPrinter printer(line.options.more, line.out);
  auto extent = ovsdb::read_log(fd.get(), [&](const ovsdb::LogRecord& record) { return printer.print(record.value); });
  if (!extent) return fail(extent.error().tag, fmt::format("{}: {}", path, extent.error().details));
  return extent;
}

Result<ovsdb::LogExtent> show_clustered(const Invocation& line, const std::string& path) {
  ClusterPrinter printer(line.options.more, line.out);
  return ovsdb::read_cluster_file(path, {[&](const auto& header) { return printer.print(header); },
                                         [&](const auto& record) { return printer.print(record); }});
}

}  // namespace

Result<int> show_log(const Invocation& line) {
  const auto path = database_argument(line, 0);
  const bool is_clustered = ovsdb::is_clustered_database(path).value_or(false);
  const auto extent = TRY(is_clustered ? show_clustered(line, path) : show_standalone(line, path));
  TRY(ovsdb::refuse_torn(extent, path));
  return exit_success;
}

}  // namespace weft::dbtool
