#include "ovsdb/file_storage.hpp"

#include "ovsdb/database_content.hpp"
#include "ovsdb/transaction_id.hpp"
#include "ovsdb/whole_file.hpp"

namespace weft::ovsdb {
namespace {

// With the file named: one server has several.
template <class T>
Result<T> in_file(const std::string& path, Result<T> result) {
  if (!result) result.error().details = path + ": " + result.error().details;
  return result;
}

}  // namespace

Result<Uuid> FileStorage::append(const DatabaseSchema& schema, const ChangeSet& changes, const std::string& comment,
                                 bool durable) {
  if (is_distrusted_ || writer_.has_failed_to_sync()) TRY(write_anew_());
  const auto record = record_of(schema, changes, comment, unix_time_ms(), values_as_);
  if (!record) {
    // A durable commit of nothing that is kept still makes those before it durable.
    if (durable) TRY(in_file(path_, writer_.sync()));
    return Uuid::random();  // A state that no restart brings back.
  }
  const auto sha1 = TRY(in_file(path_, writer_.append(to_text(*record), durable)));
  last_id_ = transaction_id_after(last_id_, sha1);
  return last_id_;
}

std::function<Result<>()> FileStorage::sync_task() {
  return [path = path_, task = writer_.sync_task()] { return in_file(path, task()); };
}

Result<> FileStorage::rewrite(const Database& content, const std::string& comment, const Uuid& transaction_id) {
  writer_ = TRY(write_whole_file(path_, compact_records(content, comment_with_id(comment, transaction_id))));
  last_id_ = transaction_id;
  compact_bytes_ = writer_.size_bytes();
  is_distrusted_ = false;
  return {};
}

}  // namespace weft::ovsdb
