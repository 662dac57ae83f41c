#include "ovsdb/database_content.hpp"

#include "ovsdb/file_record.hpp"

namespace weft::ovsdb {
namespace {

struct Loading {
  std::unique_ptr<Database> database;
  std::optional<RecordedRows> rows;  // Refers to the database's schema.
};

Result<> take_schema(Loading& loading, const json::value& record, const SchemaCheck& check) {
  auto schema = DatabaseSchema::from_json(record);
  if (!schema) return fail("not a database", "the first record is no schema: " + schema.error().details);
  if (check) TRY(check(*schema));
  loading.database = std::make_unique<Database>(std::move(*schema), nullptr);
  loading.rows.emplace(loading.database->schema());
  return {};
}

}  // namespace

Result<DatabaseContent> read_content(int fd, const std::string& path, const SchemaCheck& check) {
  const auto here = [&](const Error& error) { return fail(error.tag, fmt::format("{}: {}", path, error.details)); };
  Loading loading;
  const auto extent = read_log(fd, [&](const json::value& record) {
    return loading.rows ? loading.rows->apply(record) : take_schema(loading, record, check);
  });
  if (!extent) return here(extent.error());
  if (auto inserted = loading.rows->insert_into(*loading.database); !inserted) return here(inserted.error());
  return DatabaseContent{std::move(loading.database), *extent};
}

std::vector<std::string> compact_records(const Database& database, const std::string& comment) {
  std::vector<std::string> records{to_text(database.schema().to_json())};
  if (const auto snapshot = snapshot_of(database, comment, unix_time_ms())) records.push_back(to_text(*snapshot));
  return records;
}

}  // namespace weft::ovsdb
