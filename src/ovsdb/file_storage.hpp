// A database file as the storage of its database: each commit a record at its end, and everything written anew on
// demand (ovsdb(5), ovsdb(7) "Compacting").
#pragma once

#include "ovsdb/file_record.hpp"
#include "ovsdb/log_writer.hpp"

namespace weft::ovsdb {

class FileStorage : public Storage {
 public:
  // `path`: of resolve_path(), and of the file that `writer` has open; its first `compact_bytes` are what a compact
  // file has.
  // `last_id`: of the state in the file.
  FileStorage(std::string path, LogWriter writer, std::uint64_t compact_bytes, const Uuid& last_id)
      : path_(std::move(path)), writer_(std::move(writer)), compact_bytes_(compact_bytes), last_id_(last_id) {}

  Result<Uuid> append(const DatabaseSchema& schema, const ChangeSet& changes, const std::string& comment,
                      bool durable) override;
  std::function<Result<>()> sync_task() override;
  void distrust_disk() override { is_distrusted_ = true; }
  // Either the old file or the new one is there at any moment.
  Result<> rewrite(const Database& content, const std::string& comment, const Uuid& transaction_id) override;

  // How append() gets everything written anew where the disk is not to be trusted: must end in rewrite().
  void on_distrust(std::function<Result<>()> write_anew) { write_anew_ = std::move(write_anew); }
  void write_differences(bool on) { values_as_ = on ? ValuesAs::differences : ValuesAs::wholes; }
  std::uint64_t size_bytes() const { return writer_.size_bytes(); }
  // See transaction_id.hpp.
  const Uuid& last_id() const { return last_id_; }
  // Of what the file had when it was compact, or since forgive_growth().
  std::uint64_t compact_bytes() const { return compact_bytes_; }
  void forgive_growth() { compact_bytes_ = size_bytes(); }

 private:
  std::string path_;
  LogWriter writer_;
  std::uint64_t compact_bytes_;
  Uuid last_id_;
  ValuesAs values_as_ = ValuesAs::differences;
  bool is_distrusted_ = false;
  std::function<Result<>()> write_anew_;
};

}  // namespace weft::ovsdb
