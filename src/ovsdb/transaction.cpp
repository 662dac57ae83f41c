#include "ovsdb/transaction.hpp"

#include "base/check.hpp"
#include "base/coverage.hpp"
#include "ovsdb/commit.hpp"
#include "ovsdb/overlay.hpp"

namespace weft::ovsdb {
namespace {

EventCounter committed("ovsdb_commit");
EventCounter refused("ovsdb_commit_refused");

}  // namespace

struct Transaction::State {
  Database& owner;
  Database::State& database;
  Overlay overlay{database};
  std::string comment;
};

Transaction::Transaction(Database& database)
    : state_(new State{.owner = database, .database = *database.state_, .comment = {}}) {}

Transaction::~Transaction() = default;

const Database& Transaction::database() const { return state_->owner; }

RowPtr Transaction::find(std::size_t table, const Uuid& uuid) const { return state_->overlay.find(table, uuid); }

void Transaction::for_each(std::size_t table, const std::function<bool(const RowPtr&)>& visit) const {
  const auto& touched = state_->overlay.changes().tables[table];
  for (const auto& [uuid, row] : state_->database.tables[table].rows) {
    if (!touched.empty() && touched.contains(uuid)) continue;
    if (!visit(row)) return;
  }
  for (const auto& [uuid, change] : touched) {
    if (change.after && !visit(change.after)) return;
  }
}

void Transaction::for_each_with(std::size_t table, std::size_t index, std::span<const Datum> key,
                                const std::function<bool(const RowPtr&)>& visit) const {
  const auto row = state_->database.tables[table].indexes[index].find(key);
  if (row && !state_->overlay.find_change(table, row->uuid()) && !visit(row)) return;
  if (state_->overlay.changes().tables[table].empty()) return;
  state_->overlay.index(table, index).for_each(key, visit);
}

bool Transaction::has_erased(std::size_t table, const Uuid& uuid) const {
  const auto* change = state_->overlay.find_change(table, uuid);
  return change && !change->after;
}

std::size_t Transaction::count(std::size_t table) const { return state_->overlay.count(table); }

void Transaction::insert(std::size_t table, std::vector<Datum> columns) {
  const auto row = make_row(std::move(columns), nullptr);
  CHECK(!find(table, row->uuid()));
  state_->overlay.set(table, row->uuid(), row);
}

void Transaction::replace(std::size_t table, const Uuid& uuid, std::vector<Datum> columns) {
  const auto* change = state_->overlay.find_change(table, uuid);
  const auto touched = change ? change->after : nullptr;
  CHECK(touched || state_->database.tables[table].find(uuid));
  state_->overlay.set(table, uuid, make_row(std::move(columns), touched.get()));
}

void Transaction::erase(std::size_t table, const Uuid& uuid) {
  CHECK(find(table, uuid));
  state_->overlay.set(table, uuid, nullptr);
}

void Transaction::add_comment(const std::string& comment) {
  if (!state_->comment.empty()) state_->comment += '\n';
  state_->comment += comment;
}

Result<> Transaction::commit(bool durable) {
  auto& database = state_->database;
  CHECK(!database.is_telling);
  Commit commit(database, std::move(state_->overlay));
  const auto comment = std::exchange(state_->comment, {});
  state_->overlay.clear();
  if (auto checked = commit.check(); !checked) {
    refused.count();
    return checked;
  }
  if (commit.changes().empty()) return {};
  const auto id = database.storage ? TRY(database.storage->append(database.schema, commit.changes(), comment, durable))
                                   : Uuid::random();
  commit.apply();
  database.last_transaction_id = id;
  committed.count();
  database.tell(commit.changes());
  return {};
}

}  // namespace weft::ovsdb
