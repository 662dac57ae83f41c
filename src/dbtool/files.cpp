#include "dbtool/files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "base/directories.hpp"
#include "base/json.hpp"
#include "ovsdb/database_offline.hpp"
#include "ovsdb/syntax.hpp"
#include "schema/vswitch.hpp"

namespace weft::dbtool {
namespace {

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  return value && *value ? std::optional<std::string>(value) : std::nullopt;
}

Result<std::string> read_schema_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  char buffer[64 << 10];
  while (file && text.size() <= max_schema_bytes) {
    file.read(buffer, sizeof buffer);
    text.append(buffer, static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof() && text.size() <= max_schema_bytes) return fail("I/O error", std::strerror(errno));
  if (text.size() > max_schema_bytes) return fail("too large", fmt::format("more than {} bytes", max_schema_bytes));
  return text;
}

Result<ovsdb::DatabaseSchema> schema_in(const std::string& path) {
  const auto text = read_schema_text(path);
  const auto value = text ? parse_json(*text) : Result<json::value>(std::unexpected(text.error()));
  if (!value)
    return fail("bad schema", fmt::format("failed to read schema: \"{}\" could not be read as JSON ({})", path,
                                          value.error().details));
  auto schema = ovsdb::DatabaseSchema::from_json(*value);
  if (!schema)
    return fail(schema.error().tag, fmt::format("{}: failed to parse \"{}\" as ovsdb schema: {}",
                                                ovsdb::kind_of(schema.error()), path, schema.error().details));
  return schema;
}

}  // namespace

std::string default_database() { return database_directory() + "/conf.db"; }

std::string default_schema() {
  return environment("OVS_PKGDATADIR").value_or("/usr/share/openvswitch") + "/vswitch.ovsschema";
}

std::string database_argument(const Invocation& line, std::size_t position) {
  const auto* name = line.argument(position);
  return name ? *name : default_database();
}

Result<std::string> standalone_argument(const Invocation& line, std::size_t position) {
  return standalone_database(database_argument(line, position));
}

Result<std::string> standalone_database(std::string path) {
  if (ovsdb::is_clustered_database(path).value_or(false))
    return fail("not supported",
                fmt::format("ovsdb error: {}: cannot apply this operation to clustered database file", path));
  return path;
}

Result<ovsdb::DatabaseSchema> schema_argument(const Invocation& line, std::size_t position) {
  if (const auto* name = line.argument(position)) return schema_in(*name);
  const auto path = default_schema();
  if (::access(path.c_str(), F_OK) < 0 && errno == ENOENT) {
    const auto value = TRY(parse_json(vswitch_schema()));
    return ovsdb::DatabaseSchema::from_json(value);
  }
  return schema_in(path);
}

}  // namespace weft::dbtool
