// Commands that make or rewrite a whole database file, or ask what kind of file it is.
#include <fmt/format.h>

#include "base/compatibility.hpp"
#include "dbtool/files.hpp"
#include "dbtool/handlers.hpp"
#include "ovsdb/database_offline.hpp"

namespace weft::dbtool {
namespace {

// `what`: what the file's log says was done.
std::string comment(std::string_view what) { return fmt::format("{} by ovsdb-tool {}", what, compatible_ovs_version); }

}  // namespace

Result<int> create(const Invocation& line) {
  const auto schema = TRY(schema_argument(line, 1));
  TRY(ovsdb::create_database(database_argument(line, 0), schema));
  return exit_success;
}

Result<int> compact(const Invocation& line) {
  const auto source = TRY(standalone_argument(line, 0));
  const auto* target = line.argument(1);
  TRY(ovsdb::rewrite_database(source, target ? *target : source, nullptr, comment("compacted")));
  return exit_success;
}

Result<int> convert(const Invocation& line) {
  const auto schema = TRY(schema_argument(line, 1));
  const auto source = TRY(standalone_argument(line, 0));
  const auto* target = line.argument(2);
  TRY(ovsdb::rewrite_database(source, target ? *target : source, &schema, comment("converted")));
  return exit_success;
}

Result<int> db_is_clustered(const Invocation& line) {
  return TRY(ovsdb::is_clustered_database(line.arguments[0])) ? exit_success : exit_no;
}

Result<int> db_is_standalone(const Invocation& line) {
  return TRY(ovsdb::is_clustered_database(line.arguments[0])) ? exit_no : exit_success;
}

}  // namespace weft::dbtool
