// Over random transactions: what is kept beside the rows always follows from them, and observers hear the whole truth.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>

#include "ovsdb/database_audit.hpp"
#include "ovsdb/database_fixture.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::ovsdb {
namespace {

using namespace fixture;

// A few UUIDs, so that references often meet rows, and often do not.
constexpr std::size_t uuid_count = 6;
using Uuids = std::array<Uuid, uuid_count>;
constexpr std::array<std::string_view, 3> tables = {"Switch", "Port", "Mirror"};

Uuid any_uuid(const Uuids& uuids) { return uuids[*rc::gen::inRange<std::size_t>(0, uuid_count)]; }

Datum any_references(const Uuids& uuids, std::size_t least, std::size_t most) {
  std::vector<Uuid> some(*rc::gen::inRange<std::size_t>(least, most + 1));
  for (auto& uuid : some) uuid = any_uuid(uuids);
  return references(some);
}

Datum any_copies(const Uuids& uuids) {
  std::vector<std::pair<Atom, Atom>> pairs(*rc::gen::inRange<std::size_t>(0, 3));
  for (auto& pair : pairs) pair = {any_uuid(uuids), any_uuid(uuids)};
  return Datum::map(std::move(pairs));
}

std::vector<Value> any_values(std::string_view table, const Uuids& uuids) {
  const auto name = text(std::string(1, *rc::gen::inRange('a', 'e')));
  if (table == "Switch") return {{"name", name}, {"ports", any_references(uuids, 0, 4)}};
  if (table == "Mirror") return {{"output", any_references(uuids, 1, 3)}, {"copies", any_copies(uuids)}};
  return {{"name", name},
          {"slot", number(*rc::gen::inRange(0, 3))},
          {"peer", any_references(uuids, 0, 1)},
          {"twin", any_references(uuids, 0, 1)}};
}

void any_step(Lab& lab, Transaction& transaction, const Uuids& uuids) {
  const auto name = tables[*rc::gen::inRange<std::size_t>(0, tables.size())];
  const auto table = lab.table(name);
  const auto uuid = any_uuid(uuids);
  const auto row = transaction.find(table, uuid);
  if (row && *rc::gen::inRange(0, 4) == 0) {
    transaction.erase(table, uuid);
  } else if (row) {
    transaction.replace(table, uuid, lab.with(name, row->columns, any_values(name, uuids)));
  } else {
    auto columns = lab.with(name, default_columns(lab.database.schema().tables[table]), any_values(name, uuids));
    columns[uuid_column] = Datum::scalar(uuid);
    transaction.insert(table, std::move(columns));
  }
}

std::size_t found_by_index(const Lab& lab, const Transaction& transaction, const std::vector<Datum>& key) {
  std::size_t found = 0;
  transaction.for_each_with(lab.table("Port"), 0, key, [&](const RowPtr& row) {
    RC_ASSERT(row->columns[lab.column("Port", "name")] == key[0]);
    ++found;
    return true;
  });
  return found;
}

std::size_t found_by_search(const Lab& lab, const Transaction& transaction, const std::vector<Datum>& key) {
  std::size_t found = 0;
  transaction.for_each(lab.table("Port"), [&](const RowPtr& row) {
    if (row->columns[lab.column("Port", "name")] == key[0]) ++found;
    return true;
  });
  return found;
}

// The rows that one hears of who only listens.
class Listener {
 public:
  explicit Listener(Lab& lab) : rows_(lab.database.schema().tables.size()) {
    lab.database.subscribe([this](const ChangeSet& changes, const Uuid&) { hear(changes); });
  }
  bool agrees(const Database& database) const {
    for (std::size_t table = 0; table < rows_.size(); ++table) {
      if (rows_[table] != database.rows(table)) return false;
    }
    return true;
  }

 private:
  void hear(const ChangeSet& changes) {
    for (std::size_t table = 0; table < rows_.size(); ++table) {
      for (const auto& [uuid, change] : changes.tables[table]) {
        const auto known = rows_[table].find(uuid);
        RC_ASSERT((known == rows_[table].end() ? nullptr : known->second) == change.before);
        if (change.after) {
          rows_[table][uuid] = change.after;
        } else {
          rows_[table].erase(uuid);
        }
      }
    }
  }

  std::vector<Rows> rows_;
};

TEST(TransactionProperty, references_and_indexes_follow_from_the_rows_after_any_transactions) {
  EXPECT_TRUE(rc::check([] {
    Lab lab;
    const Listener listener(lab);
    Uuids uuids;
    for (auto& uuid : uuids) uuid = Uuid::random();
    std::size_t committed = 0;
    const auto transactions = *rc::gen::inRange(1, 30);
    for (int i = 0; i < transactions; ++i) {
      Transaction transaction(lab.database);
      const auto steps = *rc::gen::inRange(1, 6);
      for (int step = 0; step < steps; ++step) {
        any_step(lab, transaction, uuids);
        const std::vector key = {text(std::string(1, *rc::gen::inRange('a', 'e')))};
        RC_ASSERT(found_by_index(lab, transaction, key) == found_by_search(lab, transaction, key));
      }
      if (transaction.commit()) ++committed;
      RC_ASSERT(find_inconsistency(lab.database) == "");
      RC_ASSERT(listener.agrees(lab.database));
    }
    RC_CLASSIFY(committed * 3 >= static_cast<std::size_t>(transactions), "a third committed");
  }));
}

}  // namespace
}  // namespace weft::ovsdb
