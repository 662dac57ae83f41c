// The rules that a transaction's changes must obey (RFC 7047 section 3.2), and carrying the changes out.
#pragma once

#include "ovsdb/overlay.hpp"

namespace weft::ovsdb {

class Commit {
 public:
  // `overlay` is over `database`.
  Commit(Database::State& database, Overlay overlay) : database_(database), overlay_(std::move(overlay)) {}

  // Adds what the rules demand (deletions, removal of weak references) and takes away what is as before.
  // Errors as Transaction::commit. Changes nothing in the database.
  Result<> check();
  const ChangeSet& changes() const { return overlay_.changes(); }
  // After check() only.
  void apply();

 private:
  // Every change of a row goes through here, so that strong_changes_ is right.
  void set(const RowId& id, RowPtr after);
  void count_strong_references(const RowId& id, const Row* before, const Row* after);
  std::size_t strong_count(const RowId& id) const;
  bool is_unreferenced(const RowId& id) const;

  Result<> check_strong_references() const;
  std::unexpected<Error> dangling(const RowId& target) const;
  bool collect_garbage();  // Something was.
  Result<> check_max_rows() const;
  Result<> check_weak_references();
  Result<> remove_dangling_weak_references();
  bool gained_dangling_reference(std::size_t table, const RowChange& change) const;
  Result<> remove_dangling_weak_references(const RowId& id);
  std::unexpected<Error> emptied(const RowId& id, const ReferenceColumn& column, const Datum& before) const;
  Result<> check_indexes() const;
  Result<> check_index(std::size_t table, std::size_t index) const;

  void apply_indexes(std::size_t table);
  void apply_strong_counts(std::size_t table);
  void apply_weak_referrers(std::size_t table);

  Database::State& database_;
  Overlay overlay_;
  // How the count of strong references to a row changes; may be 0.
  std::unordered_map<RowId, std::int64_t, RowIdHash> strong_changes_;
  std::vector<RowId> maybe_garbage_;  // Inserted, or lost a strong reference.
};

}  // namespace weft::ovsdb
