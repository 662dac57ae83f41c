#include "ovsdb/commit.hpp"

#include <fmt/format.h>

#include "base/check.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/repetition.hpp"

namespace weft::ovsdb {
namespace {

// The datum without the elements whose reference `is_dangling`.
template <class IsDangling>
Datum without(const ReferenceColumn& column, const Datum& datum, IsDangling is_dangling) {
  const auto references = column.in_values ? datum.values() : datum.keys();
  std::vector<Atom> keys, values;
  for (std::size_t i = 0; i < datum.size(); ++i) {
    if (is_dangling(std::get<Uuid>(references[i]))) continue;
    keys.push_back(datum.keys()[i]);
    if (!datum.values().empty()) values.push_back(datum.values()[i]);
  }
  return Datum::from_sorted(std::move(keys), std::move(values));
}

}  // namespace

Result<> Commit::check() {
  overlay_.drop_unchanged();
  for (std::size_t table = 0; table < overlay_.changes().tables.size(); ++table) {
    for (const auto& [uuid, change] : overlay_.changes().tables[table]) {
      count_strong_references({table, uuid}, change.before.get(), change.after.get());
      if (!change.before) maybe_garbage_.push_back({table, uuid});
    }
  }
  TRY(check_strong_references());
  collect_garbage();
  TRY(check_max_rows());
  TRY(check_weak_references());
  TRY(check_indexes());
  overlay_.drop_unchanged();
  return {};
}

void Commit::set(const RowId& id, RowPtr after) {
  const auto before = overlay_.find(id.table, id.uuid);
  overlay_.set(id.table, id.uuid, after);
  count_strong_references(id, before.get(), after.get());
}

void Commit::count_strong_references(const RowId& id, const Row* before, const Row* after) {
  for (const auto& column : database_.tables[id.table].references) {
    if (column.weak) continue;
    for_each_changed_reference(column, before, after, [&](const Uuid& uuid, int change) {
      const RowId target{column.target, uuid};
      if (target == id) return;  // A row's reference to itself does not keep it.
      strong_changes_[target] += change;
      if (change < 0) maybe_garbage_.push_back(target);
    });
  }
}

std::size_t Commit::strong_count(const RowId& id) const {
  const auto change = strong_changes_.find(id);
  const auto count = static_cast<std::int64_t>(database_.tables[id.table].strong_count(id.uuid)) +
                     (change == strong_changes_.end() ? 0 : change->second);
  CHECK(count >= 0);
  return static_cast<std::size_t>(count);
}

bool Commit::is_unreferenced(const RowId& id) const {
  return !database_.schema.tables[id.table].is_root && overlay_.find(id.table, id.uuid) && strong_count(id) == 0;
}

Result<> Commit::check_strong_references() const {
  for (const auto& [target, change] : strong_changes_) {
    if (change > 0 && !overlay_.find(target.table, target.uuid)) return dangling(target);
  }
  for (std::size_t table = 0; table < overlay_.changes().tables.size(); ++table) {
    for (const auto& [uuid, change] : overlay_.changes().tables[table]) {
      if (!change.after && strong_count({table, uuid}) > 0) {
        return fail(referential_integrity_violation,
                    fmt::format("cannot delete {} row {} because of {} remaining reference(s)",
                                database_.schema.tables[table].name, uuid.to_string(), strong_count({table, uuid})));
      }
    }
  }
  return {};
}

// Looks for who refers to the missing row, to name the column.
std::unexpected<Error> Commit::dangling(const RowId& target) const {
  for (std::size_t table = 0; table < overlay_.changes().tables.size(); ++table) {
    const auto& schema = database_.schema.tables[table];
    for (const auto& [uuid, change] : overlay_.changes().tables[table]) {
      for (const auto& column : database_.tables[table].references) {
        if (!change.after || column.weak || column.target != target.table) continue;
        if (std::ranges::find(column.references(*change.after), Atom(target.uuid)) ==
            column.references(*change.after).end()) {
          continue;
        }
        return fail(referential_integrity_violation,
                    fmt::format("Table {} column {} row {} references nonexistent row {} in table {}.", schema.name,
                                schema.columns[column.column].name, uuid.to_string(), target.uuid.to_string(),
                                database_.schema.tables[target.table].name));
      }
    }
  }
  CHECK(false);  // strong_changes_ counted what no change has.
  return fail(referential_integrity_violation, {});
}

bool Commit::collect_garbage() {
  bool collected = false;
  while (!maybe_garbage_.empty()) {
    const auto id = maybe_garbage_.back();
    maybe_garbage_.pop_back();
    if (!is_unreferenced(id)) continue;
    set(id, nullptr);
    collected = true;
  }
  return collected;
}

Result<> Commit::check_max_rows() const {
  for (std::size_t table = 0; table < overlay_.changes().tables.size(); ++table) {
    const auto& schema = database_.schema.tables[table];
    if (schema.max_rows == unlimited || overlay_.changes().tables[table].empty()) continue;
    const auto count = overlay_.count(table);
    if (count > schema.max_rows) {
      return fail(constraint_violation,
                  fmt::format("transaction causes \"{}\" table to contain {} rows, greater than the schema-defined "
                              "limit of {} row(s)",
                              schema.name, count, schema.max_rows));
    }
  }
  return {};
}

Result<> Commit::check_weak_references() {
  do {
    TRY(remove_dangling_weak_references());
    // A pair that named a lost row weakly may have named another one strongly.
  } while (collect_garbage());
  return {};
}

Result<> Commit::remove_dangling_weak_references() {
  std::unordered_set<RowId, RowIdHash> holders;
  for (std::size_t table = 0; table < overlay_.changes().tables.size(); ++table) {
    for (const auto& [uuid, change] : overlay_.changes().tables[table]) {
      if (change.after) {
        if (gained_dangling_reference(table, change)) holders.insert({table, uuid});
        continue;
      }
      const auto referrers = database_.tables[table].weak_referrers.find(uuid);
      if (referrers == database_.tables[table].weak_referrers.end()) continue;
      for (const auto& [referrer, count] : referrers->second) holders.insert(referrer);
    }
  }
  for (const auto& holder : holders) TRY(remove_dangling_weak_references(holder));
  return {};
}

bool Commit::gained_dangling_reference(std::size_t table, const RowChange& change) const {
  bool found = false;
  for (const auto& column : database_.tables[table].references) {
    if (!column.weak) continue;
    for_each_changed_reference(column, change.before.get(), change.after.get(), [&](const Uuid& target, int gained) {
      found = found || (gained > 0 && !overlay_.find(column.target, target));
    });
  }
  return found;
}

Result<> Commit::remove_dangling_weak_references(const RowId& id) {
  const auto row = overlay_.find(id.table, id.uuid);
  if (!row) return {};
  auto columns = row->columns;
  const auto& schema = database_.schema.tables[id.table];
  for (const auto& column : database_.tables[id.table].references) {
    if (!column.weak) continue;
    auto& datum = columns[column.column];
    auto rest = without(column, datum, [&](const Uuid& target) { return !overlay_.find(column.target, target); });
    if (rest.size() == datum.size()) continue;
    if (rest.size() < schema.columns[column.column].type.min) return emptied(id, column, datum);
    datum = std::move(rest);
  }
  const auto* change = overlay_.find_change(id.table, id.uuid);
  set(id, make_row(std::move(columns), change ? row.get() : nullptr));
  return {};
}

// The column, which must have a value, has none left of `before`.
std::unexpected<Error> Commit::emptied(const RowId& id, const ReferenceColumn& column, const Datum& before) const {
  const auto& schema = database_.schema.tables[id.table];
  const auto& name = schema.columns[column.column].name;
  const bool is_new = !database_.tables[id.table].find(id.uuid);
  const auto row = fmt::format("\"{}\" row {}{}", schema.name, id.uuid.to_string(),
                               is_new ? " (inserted within this transaction)" : "");
  const auto references = column.in_values ? before.values() : before.keys();
  if (std::ranges::find(references, Atom(Uuid())) != references.end())
    return fail(constraint_violation,
                fmt::format("Weak reference column \"{}\" in {} contained all-zeros UUID (probably as the default "
                            "value for this column) but deleting this value caused a constraint volation because this "
                            "column is not allowed to be empty.",
                            name, row));
  return fail(constraint_violation,
              fmt::format("Deletion of {} weak reference(s) to deleted (or never-existing) rows from column \"{}\" in "
                          "{} caused this column to become empty, but constraints on this column disallow an empty "
                          "column.",
                          before.size(), name, row));
}

Result<> Commit::check_indexes() const {
  for (std::size_t table = 0; table < overlay_.changes().tables.size(); ++table) {
    if (overlay_.changes().tables[table].empty()) continue;
    for (std::size_t index = 0; index < database_.tables[table].indexes.size(); ++index) {
      TRY(check_index(table, index));
    }
  }
  return {};
}

Result<> Commit::check_index(std::size_t table, std::size_t index) const {
  const auto& unique = database_.tables[table].indexes[index];
  const auto& changes = overlay_.changes().tables[table];
  UniqueIndex gained(unique.columns());
  const auto repeated = [&](const Row& a, const Row& b) {
    return fail(constraint_violation, describe_repetition(database_, overlay_, table, unique.columns(), a, b));
  };
  for (const auto& [uuid, change] : changes) {
    if (!change.after || (change.before && unique.same_key(*change.before, *change.after))) continue;
    if (!gained.insert(change.after)) return repeated(*gained.find_equal(*change.after), *change.after);
    const auto holder = unique.find_equal(*change.after);
    if (!holder || holder->uuid() == uuid) continue;
    const auto now = overlay_.find(table, holder->uuid());  // It may be gone, or have other values now.
    if (now && unique.same_key(*now, *change.after)) return repeated(*now, *change.after);
  }
  return {};
}

void Commit::apply() {
  const auto& changed = overlay_.changes().tables;
  for (std::size_t table = 0; table < changed.size(); ++table) {
    if (changed[table].empty()) continue;
    apply_indexes(table);
    apply_weak_referrers(table);
    auto& rows = database_.tables[table].rows;
    for (const auto& [uuid, change] : changed[table]) {
      if (change.after) {
        rows.insert_or_assign(uuid, change.after);
      } else {
        rows.erase(uuid);
      }
    }
  }
  for (const auto& [id, change] : strong_changes_) {
    if (change == 0) continue;
    const auto count = strong_count(id);
    auto& counts = database_.tables[id.table].strong_counts;
    if (count == 0) {
      counts.erase(id.uuid);
    } else {
      counts.insert_or_assign(id.uuid, count);
    }
  }
}

void Commit::apply_indexes(std::size_t table) {
  for (auto& index : database_.tables[table].indexes) {
    for (const auto& [uuid, change] : overlay_.changes().tables[table]) {
      if (change.before) index.erase(*change.before);
    }
    for (const auto& [uuid, change] : overlay_.changes().tables[table]) {
      if (change.after) CHECK(index.insert(change.after));
    }
  }
}

void Commit::apply_weak_referrers(std::size_t table) {
  for (const auto& column : database_.tables[table].references) {
    if (!column.weak) continue;
    auto& referrers = database_.tables[column.target].weak_referrers;
    for (const auto& [uuid, change] : overlay_.changes().tables[table]) {
      const RowId referrer{table, uuid};
      for_each_changed_reference(column, change.before.get(), change.after.get(), [&](const Uuid& target, int gained) {
        auto& counts = referrers[target];
        auto& count = counts[referrer];
        count = static_cast<std::size_t>(static_cast<std::int64_t>(count) + gained);
        if (count == 0) counts.erase(referrer);
        if (counts.empty()) referrers.erase(target);
      });
    }
  }
}

}  // namespace weft::ovsdb
