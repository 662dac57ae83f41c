#include "ovsdb/database_content.hpp"

#include "ovsdb/file_record.hpp"
#include "ovsdb/recorded_history.hpp"
#include "ovsdb/transaction_id.hpp"

namespace weft::ovsdb {
namespace {

class Loading {
 public:
  explicit Loading(const SchemaCheck& check) : check_(check) {}

  Result<> take(const LogRecord& record) {
    const auto id = transaction_id_after(history_.last_id(), record.sha1);
    if (!database_) {
      TRY(take_schema(record.value));
      history_.start(id);
      return {};
    }
    auto change = TRY(rows_->apply(record.value));
    rows_named_ += change.rows.size();
    // After a compaction the first one has all rows: too much to remember.
    if (std::exchange(is_first_, false)) {
      history_.start(id_in_comment(record.value).value_or(id));
    } else {
      history_.add(std::move(change), id);
    }
    return {};
  }

  // A record's share of the file is taken to be what it names of rows.
  std::uint64_t compact_bytes(const Database& database, std::uint64_t file_bytes) const {
    std::size_t rows = 0;
    for (std::size_t table = 0; table < database.schema().tables.size(); ++table) rows += database.rows(table).size();
    return rows_named_ == 0 ? file_bytes : file_bytes * std::min(rows, rows_named_) / rows_named_;
  }

  Result<std::unique_ptr<Database>> finish() {
    TRY(rows_->insert_into(*database_));
    const auto last_id = history_.last_id();
    database_->keep_history(history_.finish(*database_), last_id);
    return std::move(database_);
  }

 private:
  Result<> take_schema(const json::value& record) {
    auto schema = DatabaseSchema::from_json(record);
    if (!schema) return fail("not a database", "the first record is no schema: " + schema.error().details);
    if (check_) TRY(check_(*schema));
    database_ = std::make_unique<Database>(std::move(*schema), nullptr);
    rows_.emplace(database_->schema());
    return {};
  }

  const SchemaCheck& check_;
  std::unique_ptr<Database> database_;
  std::optional<RecordedRows> rows_;  // Refers to the database's schema.
  RecordedHistory history_;
  std::size_t rows_named_ = 0;  // By the records, one row as often as it was named.
  bool is_first_ = true;        // Of the transactions.
};

}  // namespace

Result<DatabaseContent> read_content(int fd, const std::string& path, const SchemaCheck& check) {
  const auto here = [&](const Error& error) { return Error{error.tag, fmt::format("{}: {}", path, error.details)}; };
  Loading loading(check);
  bool is_rejected = false;
  const auto visit = [&](const LogRecord& record) {
    auto taken = loading.take(record);
    is_rejected = !taken;
    return taken;
  };
  auto extent = read_log(fd, visit, Rejected::is_the_end);
  if (!extent) return std::unexpected(here(extent.error()));
  // What is wrong with a transaction is told without the file, as Open vSwitch does.
  if (extent->torn_bytes > 0 && !is_rejected) extent->end_error = here(extent->end_error);
  auto database = loading.finish();
  if (!database) return std::unexpected(here(database.error()));
  const auto compact_bytes = loading.compact_bytes(**database, extent->good_end);
  return DatabaseContent{std::move(*database), *std::move(extent), compact_bytes};
}

std::vector<std::string> compact_records(const Database& database, const std::string& comment) {
  std::vector<std::string> records{to_text(database.schema().to_json())};
  if (const auto snapshot = snapshot_of(database, comment, unix_time_ms())) records.push_back(to_text(*snapshot));
  return records;
}

}  // namespace weft::ovsdb
