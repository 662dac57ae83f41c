#include "ovsdb/database_offline.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"
#include "ovsdb/database_content.hpp"
#include "ovsdb/database_conversion.hpp"
#include "ovsdb/database_lock.hpp"
#include "ovsdb/whole_file.hpp"

namespace weft::ovsdb {
namespace {

// Does not wait for a writer where the file is a pipe.
Result<UniqueFd> open_to_read(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!fd) return fail("I/O error", fmt::format("{}: open failed ({})", path, std::strerror(errno)));
  return fd;
}

std::unexpected<Error> about(const std::string& path, const Error& error) {
  return fail(error.tag, fmt::format("{}: {}", path, error.details));
}

}  // namespace

Result<> create_database(const std::string& path, const DatabaseSchema& schema) {
  const auto resolved = TRY(resolve_path(path));
  const auto lock = TRY(DatabaseLock::take(resolved, path));
  if (::access(resolved.c_str(), F_OK) == 0)
    return fail("already exists", fmt::format("{}: create failed ({})", path, std::strerror(EEXIST)));
  const std::string record = to_text(schema.to_json());
  TRY(write_whole_file(resolved, {&record, 1}));
  return {};
}

Result<bool> is_clustered_database(const std::string& path) {
  const auto fd = TRY(open_to_read(path));
  const auto header = read_first_header(fd.get());
  if (!header) return about(path, header.error());
  return header->magic == cluster_magic;
}

Result<DatabaseSchema> read_database_schema(const std::string& path) {
  const auto fd = TRY(open_to_read(path));
  const auto record = read_first_record(fd.get());
  if (!record) return about(path, record.error());
  auto schema = DatabaseSchema::from_json(*record);
  if (!schema)
    return fail("not a database", fmt::format("{}: the first record is no schema: {}", path, schema.error().details));
  return schema;
}

Result<std::unique_ptr<Database>> read_database(const std::string& path) {
  const auto fd = TRY(open_to_read(path));
  auto content = TRY(read_content(fd.get(), path));
  TRY(refuse_torn(content.extent, path));
  return std::move(content.database);
}

Result<> rewrite_database(const std::string& source, const std::string& target, const DatabaseSchema* schema,
                          const std::string& comment) {
  TRY(open_to_read(source));  // Before a lock is left beside a file that does not exist.
  const auto resolved = TRY(resolve_path(target));
  const auto lock = TRY(DatabaseLock::take(resolved, target));
  auto database = TRY(read_database(source));
  if (schema) {
    auto converted = convert_database(*database, *schema);
    if (!converted) return about(source, converted.error());
    database = std::move(*converted);
  }
  TRY(write_whole_file(resolved, compact_records(*database, comment)));
  return {};
}

}  // namespace weft::ovsdb
