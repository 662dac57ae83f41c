#include "ovsdb/database_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/log.hpp"
#include "ovsdb/database_content.hpp"
#include "ovsdb/database_lock.hpp"
#include "ovsdb/file_record.hpp"
#include "ovsdb/schema_difference.hpp"
#include "ovsdb/whole_file.hpp"

namespace weft::ovsdb {
namespace {

const LogModule log("ovsdb_file");

std::unexpected<Error> io_failure(const std::string& path, std::string_view what) {
  return fail("I/O error", fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

class FileStorage : public Storage {
 public:
  explicit FileStorage(LogWriter writer) : writer_(std::move(writer)) {}

  Result<> append(const DatabaseSchema& schema, const ChangeSet& changes, const std::string& comment,
                  const Uuid& /*transaction_id*/, bool durable) override {
    if (is_distrusted_ || writer_.has_failed_to_sync()) TRY(rewrite_());
    const auto record = record_of(schema, changes, comment, unix_time_ms());
    // A durable commit of nothing that is kept still makes those before it durable.
    if (!record) return durable ? writer_.sync() : Result<>();
    return writer_.append(to_text(*record), durable);
  }

  std::function<Result<>()> sync_task() override { return writer_.sync_task(); }
  void distrust_disk() override { is_distrusted_ = true; }

  std::uint64_t size_bytes() const { return writer_.size_bytes(); }
  // `writer`: of a file that is on the disk.
  void replace(LogWriter writer) {
    writer_ = std::move(writer);
    is_distrusted_ = false;
  }
  void on_rewrite(std::function<Result<>()> rewrite) { rewrite_ = std::move(rewrite); }

 private:
  LogWriter writer_;
  bool is_distrusted_ = false;
  std::function<Result<>()> rewrite_;  // Ends in replace().
};

class OpenFile : public DatabaseFile {
 public:
  OpenFile(std::string path, DatabaseLock lock, std::unique_ptr<Database> database, FileStorage& storage,
           std::uint64_t compact_bytes)
      : path_(std::move(path)),
        lock_(std::move(lock)),
        database_(std::move(database)),
        storage_(storage),
        compact_bytes_(compact_bytes) {
    database_->subscribe([this](const ChangeSet&, const Uuid&) { compact_if_grown(); });
    storage_.on_rewrite([this] { return compact(); });
  }

  Database& database() override { return *database_; }
  const std::string& path() const override { return path_; }
  std::uint64_t size_bytes() const override { return storage_.size_bytes(); }

  Result<> compact() override {
    auto writer = TRY(write_whole_file(path_, compact_records(*database_, "compacted")));
    storage_.replace(std::move(writer));
    compact_bytes_ = storage_.size_bytes();
    return {};
  }

 private:
  void compact_if_grown() {
    const auto size = storage_.size_bytes();
    if (size <= compaction_least_bytes || size / compaction_growth <= compact_bytes_) return;
    if (const auto compacted = compact(); compacted) {
      log.info("{}: compacted from {} to {} bytes", path_, size, storage_.size_bytes());
    } else {
      log.warning("{}; the file goes on growing", compacted.error().details);
      compact_bytes_ = size;  // Not with every commit again.
    }
  }

  std::string path_;
  DatabaseLock lock_;
  std::unique_ptr<Database> database_;  // Owns storage_.
  FileStorage& storage_;
  std::uint64_t compact_bytes_;  // What the file had when it was compact.
};

// The path in full, and its directory made.
Result<std::string> prepare_path(const std::string& path) {
  auto resolved = TRY(resolve_path(path));
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(resolved).parent_path(), error);
  if (error) return fail("I/O error", fmt::format("{}: {}", path, error.message()));
  return resolved;
}

Result<> check_schema(const DatabaseSchema& found, const DatabaseSchema& expected) {
  const auto difference = schema_difference(found, expected);
  if (!difference) return {};
  return fail("wrong schema", fmt::format("the file holds {} {}, expected is {} {}: {}; the file was left as it is",
                                          found.name, found.version, expected.name, expected.version, *difference));
}

Result<> cut_off_torn_end(const LogExtent& extent, const std::string& path) {
  if (extent.torn_bytes == 0) return {};
  log.warning("{}: the last {} bytes are an interrupted write and were dropped; {} whole records were kept", path,
              extent.torn_bytes, extent.records);
  if (::truncate(path.c_str(), static_cast<off_t>(extent.good_end)) < 0) return io_failure(path, "cannot repair");
  return {};
}

using TornEnd = Result<>(const LogExtent& extent, const std::string& path);

Result<std::unique_ptr<DatabaseFile>> open_locked(const std::string& path, DatabaseLock lock, const SchemaCheck& check,
                                                  TornEnd* torn_end) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return io_failure(path, "cannot open");
  auto [database, extent] = TRY(read_content(fd.get(), path, check));
  TRY(torn_end(extent, path));
  auto storage = std::make_unique<FileStorage>(LogWriter(std::move(fd), extent.good_end));
  auto& storage_ref = *storage;
  database->set_storage(std::move(storage));
  return std::make_unique<OpenFile>(path, std::move(lock), std::move(database), storage_ref, extent.snapshot_end);
}

}  // namespace

Result<std::unique_ptr<DatabaseFile>> open_database(const std::string& path, const DatabaseSchema& expected) {
  const auto resolved = TRY(prepare_path(path));
  auto lock = TRY(DatabaseLock::take(resolved));
  if (::access(resolved.c_str(), F_OK) < 0 && errno == ENOENT) {
    const std::string record = to_text(expected.to_json());
    TRY(write_whole_file(resolved, {&record, 1}));
    log.info("{}: made a new database {} {}", resolved, expected.name, expected.version);
  }
  const auto check = [&](const DatabaseSchema& found) { return check_schema(found, expected); };
  return open_locked(resolved, std::move(lock), check, cut_off_torn_end);
}

Result<std::unique_ptr<DatabaseFile>> open_existing_database(const std::string& path) {
  const auto resolved = TRY(resolve_path(path));
  if (::access(resolved.c_str(), F_OK) < 0) return io_failure(path, "cannot open");
  auto lock = TRY(DatabaseLock::take(resolved));
  return open_locked(resolved, std::move(lock), {}, refuse_torn);
}

}  // namespace weft::ovsdb
