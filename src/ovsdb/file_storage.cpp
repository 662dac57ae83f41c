#include "ovsdb/file_storage.hpp"

#include "ovsdb/database_content.hpp"
#include "ovsdb/file_record.hpp"
#include "ovsdb/whole_file.hpp"

namespace weft::ovsdb {

Result<> FileStorage::append(const DatabaseSchema& schema, const ChangeSet& changes, const std::string& comment,
                             const Uuid& /*transaction_id*/, bool durable) {
  if (is_distrusted_ || writer_.has_failed_to_sync()) TRY(write_anew_());
  const auto record = record_of(schema, changes, comment, unix_time_ms());
  // A durable commit of nothing that is kept still makes those before it durable.
  if (!record) return durable ? writer_.sync() : Result<>();
  return writer_.append(to_text(*record), durable);
}

Result<> FileStorage::rewrite(const Database& content, const std::string& comment) {
  writer_ = TRY(write_whole_file(path_, compact_records(content, comment)));
  compact_bytes_ = writer_.size_bytes();
  is_distrusted_ = false;
  return {};
}

}  // namespace weft::ovsdb
