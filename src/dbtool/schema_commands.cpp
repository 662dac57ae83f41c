// Commands about schemas: those in files, and those that databases begin with.
#include <fmt/format.h>

#include "base/json.hpp"
#include "dbtool/files.hpp"
#include "dbtool/handlers.hpp"
#include "ovsdb/cluster_file.hpp"
#include "ovsdb/database_offline.hpp"

namespace weft::dbtool {
namespace {

using ovsdb::DatabaseSchema;

Result<int> print(const Invocation& line, const Result<DatabaseSchema>& schema, std::string DatabaseSchema::* fact) {
  if (!schema) return std::unexpected(schema.error());
  fmt::print(line.out, "{}\n", *schema.*fact);
  return exit_success;
}

Result<int> print_of_database(const Invocation& line, std::string DatabaseSchema::* fact) {
  return print(line, ovsdb::read_database_schema(TRY(standalone_argument(line, 0))), fact);
}

Result<int> print_of_schema(const Invocation& line, std::string DatabaseSchema::* fact) {
  return print(line, schema_argument(line, 0), fact);
}

Result<ovsdb::SchemaVersion> version_of(const std::string& text) {
  const auto version = ovsdb::parse_schema_version(text);
  if (!version) return fail("usage", text + ": not an OVSDB version number in format x.y.z");
  return *version;
}

using Relation = bool(const ovsdb::SchemaVersion& a, const ovsdb::SchemaVersion& b);
constexpr struct {
  std::string_view name;
  Relation* holds;
} relations[] = {
    {"<", [](const auto& a, const auto& b) { return a < b; }},
    {"<=", [](const auto& a, const auto& b) { return a <= b; }},
    {"==", [](const auto& a, const auto& b) { return a == b; }},
    {">=", [](const auto& a, const auto& b) { return a >= b; }},
    {">", [](const auto& a, const auto& b) { return a > b; }},
    {"!=", [](const auto& a, const auto& b) { return a != b; }},
};

}  // namespace

Result<int> db_name(const Invocation& line) {
  const auto path = database_argument(line, 0);
  if (!ovsdb::is_clustered_database(path).value_or(false)) return print_of_database(line, &DatabaseSchema::name);
  fmt::print(line.out, "{}\n", TRY(ovsdb::read_cluster_member(path)).name);
  return exit_success;
}
Result<int> db_version(const Invocation& line) { return print_of_database(line, &DatabaseSchema::version); }
Result<int> db_cksum(const Invocation& line) { return print_of_database(line, &DatabaseSchema::checksum); }
Result<int> schema_name(const Invocation& line) { return print_of_schema(line, &DatabaseSchema::name); }
Result<int> schema_version(const Invocation& line) { return print_of_schema(line, &DatabaseSchema::version); }
Result<int> schema_cksum(const Invocation& line) { return print_of_schema(line, &DatabaseSchema::checksum); }

Result<int> needs_conversion(const Invocation& line) {
  const auto wanted = TRY(schema_argument(line, 1));
  const auto path = TRY(standalone_argument(line, 0));
  const auto found = TRY(ovsdb::read_database_schema(path));
  // Version and checksum count.
  fmt::print(line.out, "{}\n", to_text(found.to_json()) == to_text(wanted.to_json()) ? "no" : "yes");
  return exit_success;
}

Result<int> compare_versions(const Invocation& line) {
  const auto a = TRY(version_of(line.arguments[0]));
  const auto b = TRY(version_of(line.arguments[2]));
  for (const auto& [name, holds] : relations)
    if (name == line.arguments[1]) return holds(a, b) ? exit_success : exit_no;
  return fail("usage", line.arguments[1] + ": not a relational operator");
}

}  // namespace weft::dbtool
