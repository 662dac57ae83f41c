#include "ovsdb/database_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/log.hpp"
#include "ovsdb/database_lock.hpp"
#include "ovsdb/file_record.hpp"
#include "ovsdb/log_reader.hpp"
#include "ovsdb/log_writer.hpp"
#include "ovsdb/schema_difference.hpp"

namespace weft::ovsdb {
namespace {

constexpr mode_t new_file_mode = 0640;

std::unexpected<Error> io_failure(const std::string& path, std::string_view what) {
  return fail("I/O error", fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

std::int64_t now_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

class FileStorage : public Storage {
 public:
  explicit FileStorage(LogWriter writer) : writer_(std::move(writer)) {}

  Result<> append(const DatabaseSchema& schema, const ChangeSet& changes, const std::string& comment,
                  const Uuid& /*transaction_id*/, bool durable) override {
    const auto record = record_of(schema, changes, comment, now_ms());
    // A durable commit of nothing that is kept still makes those before it durable.
    if (!record) return durable ? writer_.sync() : Result<>();
    return writer_.append(to_text(*record), durable);
  }

  std::uint64_t size_bytes() const { return writer_.size_bytes(); }
  void replace(LogWriter writer) { writer_ = std::move(writer); }

 private:
  LogWriter writer_;
};

// A rename is on the disk only when the directory is.
Result<> sync_directory_of(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path().native();
  const UniqueFd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) < 0) return io_failure(directory, "cannot bring the directory to the disk");
  return {};
}

// Puts a file with these records at `path`, as a whole or not at all.
Result<LogWriter> write_whole_file(const std::string& path, const std::vector<std::string>& records, mode_t mode) {
  const auto temporary = path + ".new";
  ::unlink(temporary.c_str());  // Of a crash; nobody else has the lock.
  UniqueFd fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!fd) return io_failure(temporary, "cannot create");
  const auto give_up = [&](Error error) -> std::unexpected<Error> {
    ::unlink(temporary.c_str());
    return std::unexpected(std::move(error));
  };
  if (::fchmod(fd.get(), mode) < 0) return give_up(io_failure(temporary, "cannot set the mode").error());
  LogWriter writer(std::move(fd), 0);
  for (const auto& record : records)
    if (auto appended = writer.append(record, false); !appended)
      return give_up({appended.error().tag, temporary + ": " + appended.error().details});
  if (auto synced = writer.sync(); !synced)
    return give_up({synced.error().tag, temporary + ": " + synced.error().details});
  if (::rename(temporary.c_str(), path.c_str()) < 0) return give_up(io_failure(path, "cannot rename").error());
  TRY(sync_directory_of(path));
  return writer;
}

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
  }

  Database& database() override { return *database_; }
  const std::string& path() const override { return path_; }
  std::uint64_t size_bytes() const override { return storage_.size_bytes(); }

  Result<> compact() override {
    struct stat status{};
    if (::stat(path_.c_str(), &status) < 0) return io_failure(path_, "cannot look at it");
    std::vector<std::string> records{to_text(database_->schema().to_json())};
    if (const auto snapshot = snapshot_of(*database_, "compacted", now_ms())) records.push_back(to_text(*snapshot));
    auto writer = TRY(write_whole_file(path_, records, status.st_mode & 07777));
    storage_.replace(std::move(writer));
    compact_bytes_ = storage_.size_bytes();
    return {};
  }

 private:
  void compact_if_grown() {
    const auto size = storage_.size_bytes();
    if (size <= compaction_least_bytes || size / compaction_growth <= compact_bytes_) return;
    if (const auto compacted = compact(); compacted) {
      log_info("{}: compacted from {} to {} bytes", path_, size, storage_.size_bytes());
    } else {
      log_warning("{}; the file goes on growing", compacted.error().details);
      compact_bytes_ = size;  // Not with every commit again.
    }
  }

  std::string path_;
  DatabaseLock lock_;
  std::unique_ptr<Database> database_;  // Owns storage_.
  FileStorage& storage_;
  std::uint64_t compact_bytes_;  // What the file had when it was compact.
};

Result<std::string> prepare_path(const std::string& path) {
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(std::filesystem::absolute(path), error);
  if (!error) std::filesystem::create_directories(resolved.parent_path(), error);
  if (error) return fail("I/O error", fmt::format("{}: {}", path, error.message()));
  return resolved.native();
}

struct Content {
  std::unique_ptr<const DatabaseSchema> schema;  // Where it stays: rows refers to it.
  std::unique_ptr<RecordedRows> rows;
  LogExtent extent;
};

Result<> take_schema(Content& content, const json::value& record, const DatabaseSchema& expected) {
  auto schema = DatabaseSchema::from_json(record);
  if (!schema) return fail("not a database", "the first record is no schema: " + schema.error().details);
  if (const auto difference = schema_difference(*schema, expected))
    return fail("wrong schema",
                fmt::format("the file holds {} {}, expected is {} {}: {}; the file was left as it is", schema->name,
                            schema->version, expected.name, expected.version, *difference));
  content.schema = std::make_unique<const DatabaseSchema>(std::move(*schema));
  content.rows = std::make_unique<RecordedRows>(*content.schema);
  return {};
}

Result<Content> read_content(int fd, const DatabaseSchema& expected) {
  Content content;
  content.extent = TRY(read_log(fd, [&](const json::value& record) {
    return content.rows ? content.rows->apply(record) : take_schema(content, record, expected);
  }));
  return content;
}

Result<std::unique_ptr<DatabaseFile>> open_locked(const std::string& path, DatabaseLock lock,
                                                  const DatabaseSchema& expected) {
  if (::access(path.c_str(), F_OK) < 0 && errno == ENOENT) {
    TRY(write_whole_file(path, {to_text(expected.to_json())}, new_file_mode));
    log_info("{}: made a new database {} {}", path, expected.name, expected.version);
  }
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) return io_failure(path, "cannot open");
  auto content = read_content(fd.get(), expected);
  if (!content) return fail(content.error().tag, fmt::format("{}: {}", path, content.error().details));
  const auto& extent = content->extent;
  auto database = std::make_unique<Database>(*content->schema, nullptr);
  if (auto inserted = content->rows->insert_into(*database); !inserted)
    return fail(inserted.error().tag, fmt::format("{}: {}", path, inserted.error().details));
  if (extent.torn_bytes > 0) {
    log_warning("{}: the last {} bytes are an interrupted write and were dropped; {} whole records were kept", path,
                extent.torn_bytes, extent.records);
    if (::truncate(path.c_str(), static_cast<off_t>(extent.good_end)) < 0) return io_failure(path, "cannot repair");
  }
  auto storage = std::make_unique<FileStorage>(LogWriter(std::move(fd), extent.good_end));
  auto& storage_ref = *storage;
  database->set_storage(std::move(storage));
  return std::make_unique<OpenFile>(path, std::move(lock), std::move(database), storage_ref, extent.snapshot_end);
}

}  // namespace

Result<std::unique_ptr<DatabaseFile>> open_database(const std::string& path, const DatabaseSchema& expected) {
  const auto resolved = TRY(prepare_path(path));
  auto lock = TRY(DatabaseLock::take(resolved));
  return open_locked(resolved, std::move(lock), expected);
}

}  // namespace weft::ovsdb
