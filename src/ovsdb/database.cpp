#include "ovsdb/database.hpp"

#include "base/check.hpp"
#include "ovsdb/database_conversion.hpp"
#include "ovsdb/database_state.hpp"

namespace weft::ovsdb {
namespace {

TableState empty_table(const DatabaseSchema& schema, const TableSchema& table) {
  TableState state;
  for (const auto& columns : table.indexes) state.indexes.emplace_back(columns);
  state.references = reference_columns(schema, table);
  return state;
}

}  // namespace

bool ChangeSet::empty() const {
  return std::ranges::all_of(tables, [](const auto& changes) { return changes.empty(); });
}

std::size_t ChangeSet::row_count() const {
  std::size_t count = 0;
  for (const auto& changes : tables) count += changes.size();
  return count;
}

void ChangeSet::add(const ChangeSet& next) {
  tables.resize(std::max(tables.size(), next.tables.size()));
  for (std::size_t table = 0; table < next.tables.size(); ++table) {
    for (const auto& [uuid, change] : next.tables[table]) {
      const auto [entry, is_new] = tables[table].try_emplace(uuid, change);
      entry->second.after = change.after;
      if (entry->second.before == entry->second.after) tables[table].erase(entry);
    }
  }
}

void Database::State::tell(const ChangeSet& changes) {
  if (history) history->add(changes, last_transaction_id);
  is_telling = true;
  Subscription last = 0;
  // Whoever is called may take any subscription away: look for the next one anew.
  for (auto next = observers.begin(); next != observers.end(); next = observers.upper_bound(last)) {
    last = next->first;
    const auto observer = next->second;
    (*observer)(changes, last_transaction_id);
  }
  is_telling = false;
}

Database::Database(DatabaseSchema schema, std::unique_ptr<Storage> storage) : state_(std::make_unique<State>()) {
  state_->schema = std::move(schema);
  state_->storage = std::move(storage);
  for (const auto& table : state_->schema.tables) state_->tables.push_back(empty_table(state_->schema, table));
}

Database::~Database() = default;

void Database::set_storage(std::unique_ptr<Storage> storage) { state_->storage = std::move(storage); }

std::function<Result<>()> Database::sync_task() const {
  return state_->storage ? state_->storage->sync_task() : std::function<Result<>()>();
}

void Database::distrust_disk() {
  if (state_->storage) state_->storage->distrust_disk();
}

const DatabaseSchema& Database::schema() const { return state_->schema; }

const Rows& Database::rows(std::size_t table) const { return state_->tables[table].rows; }

RowPtr Database::find(std::size_t table, const Uuid& uuid) const { return state_->tables[table].find(uuid); }

RowPtr Database::find_by_index(std::size_t table, std::size_t index, std::span<const Datum> key) const {
  return state_->tables[table].indexes[index].find(key);
}

Database::Subscription Database::subscribe(Observer observer) {
  const auto subscription = ++state_->last_subscription;
  state_->observers.emplace(subscription, std::make_shared<Observer>(std::move(observer)));
  return subscription;
}

void Database::unsubscribe(Subscription subscription) { state_->observers.erase(subscription); }

Uuid Database::last_transaction_id() const { return state_->last_transaction_id; }

void Database::keep_history(TransactionHistory past, const Uuid& last_transaction_id) {
  state_->history = std::move(past);
  state_->last_transaction_id = last_transaction_id;
}

const TransactionHistory* Database::history() const { return state_->history ? &*state_->history : nullptr; }

Result<> Database::convert(const DatabaseSchema& schema) {
  CHECK(!state_->is_telling);
  if (state_->schema_user.accepts) TRY(state_->schema_user.accepts(schema));
  const auto converted = TRY(convert_database(*this, schema));
  const auto id = Uuid::random();
  if (state_->storage) TRY(state_->storage->rewrite(*converted, "converted by ovsdb-server", id));
  state_->schema = std::move(converted->state_->schema);
  state_->tables = std::move(converted->state_->tables);
  state_->last_transaction_id = id;
  if (state_->history) state_->history = TransactionHistory(id);
  if (state_->schema_user.adapt) state_->schema_user.adapt();
  return {};
}

void Database::set_schema_user(SchemaUser user) { state_->schema_user = std::move(user); }

}  // namespace weft::ovsdb
