#include "ovsdb/database_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/log.hpp"
#include "ovsdb/database_content.hpp"
#include "ovsdb/database_lock.hpp"
#include "ovsdb/file_storage.hpp"
#include "ovsdb/whole_file.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("ovsdb_file");

std::unexpected<Error> open_failure(const std::string& path) {
  return fail("I/O error", fmt::format("{}: open failed ({})", path, std::strerror(errno)));
}

class OpenFile : public DatabaseFile {
 public:
  OpenFile(std::string path, DatabaseLock lock, std::unique_ptr<Database> database, FileStorage& storage)
      : path_(std::move(path)), lock_(std::move(lock)), database_(std::move(database)), storage_(storage) {
    database_->subscribe([this](const ChangeSet&, const Uuid&) { compact_if_grown(); });
    storage_.on_distrust([this] { return compact(); });
  }

  Database& database() override { return *database_; }
  const std::string& path() const override { return path_; }
  std::uint64_t size_bytes() const override { return storage_.size_bytes(); }

  Result<> compact() override { return storage_.rewrite(*database_, "compacting database online", storage_.last_id()); }
  void write_differences(bool on) override { storage_.write_differences(on); }

 private:
  void compact_if_grown() {
    const auto size = storage_.size_bytes();
    if (size <= compaction_least_bytes || size / compaction_growth <= storage_.compact_bytes()) return;
    if (const auto compacted = compact(); compacted) {
      log.info("{}: compacted from {} to {} bytes", path_, size, storage_.size_bytes());
    } else {
      log.warning("{}; the file goes on growing", compacted.error().details);
      storage_.forgive_growth();  // Not with every commit again.
    }
  }

  std::string path_;
  DatabaseLock lock_;
  std::unique_ptr<Database> database_;  // Owns storage_.
  FileStorage& storage_;
};

// The path in full, and its directory made.
Result<std::string> prepare_path(const std::string& path) {
  auto resolved = TRY(resolve_path(path));
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(resolved).parent_path(), error);
  if (error) return fail("I/O error", fmt::format("{}: {}", path, error.message()));
  return resolved;
}

// Nothing is cut off yet: the first commit does that.
void tell_of_torn_end(const LogExtent& extent) {
  log.error("{}: {}; the last {} bytes are dropped, {} whole records are kept", extent.end_error.tag,
            extent.end_error.details, extent.torn_bytes, extent.records);
}

// `name`: what messages call the file.
Result<std::unique_ptr<DatabaseFile>> open_locked(const std::string& path, const std::string& name, DatabaseLock lock,
                                                  const SchemaCheck& check, TornEnd torn_end) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return open_failure(name);
  auto [database, extent, compact_bytes] = TRY(read_content(fd.get(), name, check));
  if (torn_end == TornEnd::refuse) TRY(refuse_torn(extent, name));
  if (extent.torn_bytes > 0) tell_of_torn_end(extent);
  auto storage = std::make_unique<FileStorage>(path, LogWriter(std::move(fd), extent.good_end), compact_bytes,
                                               database->last_transaction_id());
  auto& storage_ref = *storage;
  database->set_storage(std::move(storage));
  return std::make_unique<OpenFile>(path, std::move(lock), std::move(database), storage_ref);
}

}  // namespace

Result<std::unique_ptr<DatabaseFile>> open_database(const std::string& path, const DatabaseSchema& schema,
                                                    const SchemaCheck& is_suitable) {
  const auto resolved = TRY(prepare_path(path));
  auto lock = TRY(DatabaseLock::take(resolved, path));
  if (::access(resolved.c_str(), F_OK) < 0 && errno == ENOENT) {
    const std::string record = to_text(schema.to_json());
    TRY(write_whole_file(resolved, {&record, 1}));
    log.info("{}: made a new database {} {}", resolved, schema.name, schema.version);
  }
  return open_locked(resolved, path, std::move(lock), is_suitable, TornEnd::cut_off);
}

Result<std::unique_ptr<DatabaseFile>> open_existing_database(const std::string& path, TornEnd torn_end) {
  const auto resolved = TRY(resolve_path(path));
  if (::access(resolved.c_str(), F_OK) < 0) return open_failure(path);
  auto lock = TRY(DatabaseLock::take(resolved, path));
  return open_locked(resolved, path, std::move(lock), {}, torn_end);
}

}  // namespace weft::ovsdb
