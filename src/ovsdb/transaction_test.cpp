#include "ovsdb/transaction.hpp"

#include <gtest/gtest.h>

#include "ovsdb/database_fixture.hpp"
#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {
namespace {

using namespace fixture;

std::string tag_of(const Result<>& result) { return result ? "committed" : result.error().tag; }

// A switch "s" with ports of these names, committed.
struct Built {
  Uuid owner;
  std::vector<Uuid> ports;
};
Built build(Lab& lab, const std::vector<std::string_view>& names) {
  Transaction transaction(lab.database);
  Built built;
  for (const auto name : names) built.ports.push_back(lab.insert(transaction, "Port", {{"name", text(name)}}));
  built.owner = lab.insert(transaction, "Switch", {{"name", text("s")}, {"ports", references(built.ports)}});
  EXPECT_EQ(tag_of(transaction.commit()), "committed");
  return built;
}

TEST(Transaction, is_seen_by_itself_only_until_the_commit) {
  Lab lab;
  Transaction transaction(lab.database);
  const auto uuid = lab.insert(transaction, "Switch", {{"name", text("s")}});
  EXPECT_TRUE(transaction.find(lab.table("Switch"), uuid));
  EXPECT_EQ(transaction.count(lab.table("Switch")), 1U);
  EXPECT_FALSE(lab.find("Switch", uuid));
  EXPECT_EQ(tag_of(transaction.commit()), "committed");
  EXPECT_EQ(lab.value("Switch", uuid, "name"), text("s"));
}

TEST(Transaction, leaves_nothing_when_it_is_dropped) {
  Lab lab;
  const auto before = build(lab, {"a"});
  {
    Transaction transaction(lab.database);
    lab.erase(transaction, "Switch", before.owner);
  }
  EXPECT_TRUE(lab.find("Switch", before.owner));
}

TEST(Transaction, refuses_a_strong_reference_to_nothing) {
  Lab lab;
  Transaction transaction(lab.database);
  const auto missing = Uuid::random();
  const auto uuid = lab.insert(transaction, "Switch", {{"ports", references({missing})}});
  const auto result = transaction.commit();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().tag, referential_integrity_violation);
  EXPECT_EQ(result.error().details, "Table Switch column ports row " + uuid.to_string() +
                                        " references nonexistent row " + missing.to_string() + " in table Port.");
  EXPECT_EQ(lab.count("Switch"), 0U);
}

TEST(Transaction, refuses_to_delete_what_is_still_referred_to) {
  Lab lab;
  const auto built = build(lab, {"a"});
  Transaction transaction(lab.database);
  lab.erase(transaction, "Port", built.ports[0]);
  EXPECT_EQ(tag_of(transaction.commit()), referential_integrity_violation);
  EXPECT_TRUE(lab.find("Port", built.ports[0]));
}

TEST(Transaction, collects_what_nothing_refers_to_any_more_and_what_only_that_referred_to) {
  Lab lab;
  const auto built = build(lab, {"a"});
  Transaction grow(lab.database);
  const auto twin = lab.insert(grow, "Port", {{"name", text("twin")}});
  lab.update(grow, "Port", built.ports[0], {{"twin", references({twin})}});
  ASSERT_EQ(tag_of(grow.commit()), "committed");

  ChangeSet seen;
  lab.database.subscribe([&](const ChangeSet& changes, const Uuid&) { seen = changes; });
  Transaction shrink(lab.database);
  lab.update(shrink, "Switch", built.owner, {{"ports", Datum()}});
  ASSERT_EQ(tag_of(shrink.commit()), "committed");
  EXPECT_EQ(lab.count("Port"), 0U);
  EXPECT_EQ(seen.tables[lab.table("Port")].size(), 2U) << "observers hear of collected rows";
  EXPECT_FALSE(seen.tables[lab.table("Port")].at(twin).after);
}

TEST(Transaction, collects_a_new_row_that_only_itself_refers_to) {
  Lab lab;
  Transaction transaction(lab.database);
  const auto port = lab.insert(transaction, "Port", {{"name", text("a")}});
  lab.update(transaction, "Port", port, {{"twin", references({port})}});
  EXPECT_EQ(tag_of(transaction.commit()), "committed");
  EXPECT_EQ(lab.count("Port"), 0U);
}

TEST(Transaction, removes_weak_references_with_their_row_and_tells_observers) {
  Lab lab;
  const auto built = build(lab, {"a", "b"});
  Transaction link(lab.database);
  lab.update(link, "Port", built.ports[0], {{"peer", references({built.ports[1]})}});
  ASSERT_EQ(tag_of(link.commit()), "committed");

  ChangeSet seen;
  lab.database.subscribe([&](const ChangeSet& changes, const Uuid&) { seen = changes; });
  Transaction unlink(lab.database);
  lab.update(unlink, "Switch", built.owner, {{"ports", references({built.ports[0]})}});
  ASSERT_EQ(tag_of(unlink.commit()), "committed");
  EXPECT_TRUE(lab.value("Port", built.ports[0], "peer").empty());
  EXPECT_TRUE(seen.tables[lab.table("Port")].contains(built.ports[0]));
}

TEST(Transaction, removes_weak_references_of_a_row_that_it_changes_otherwise) {
  Lab lab;
  const auto built = build(lab, {"a", "b"});
  Transaction link(lab.database);
  lab.update(link, "Port", built.ports[0], {{"peer", references({built.ports[1]})}});
  ASSERT_EQ(tag_of(link.commit()), "committed");

  Transaction unlink(lab.database);
  lab.update(unlink, "Port", built.ports[0], {{"slot", number(7)}});
  lab.update(unlink, "Switch", built.owner, {{"ports", references({built.ports[0]})}});
  ASSERT_EQ(tag_of(unlink.commit()), "committed");
  EXPECT_TRUE(lab.value("Port", built.ports[0], "peer").empty());
}

TEST(Transaction, that_would_empty_a_column_of_weak_references_fails) {
  Lab lab;
  const auto built = build(lab, {"a"});
  Transaction watch(lab.database);
  const auto mirror = lab.insert(watch, "Mirror", {{"output", references({built.ports[0], Uuid::random()})}});
  ASSERT_EQ(tag_of(watch.commit()), "committed");
  EXPECT_EQ(lab.value("Mirror", mirror, "output"), references({built.ports[0]})) << "what never existed is left out";

  Transaction shrink(lab.database);
  lab.update(shrink, "Switch", built.owner, {{"ports", Datum()}});
  EXPECT_EQ(tag_of(shrink.commit()), constraint_violation);
  EXPECT_TRUE(lab.find("Port", built.ports[0]));
}

TEST(Transaction, collects_what_a_removed_weak_reference_held) {
  Lab lab;
  const auto built = build(lab, {"a", "b"});
  Transaction watch(lab.database);
  const auto held = lab.insert(watch, "Port", {{"name", text("held")}});
  lab.insert(watch, "Mirror",
             {{"output", references({built.ports[1]})}, {"copies", Datum::map({{built.ports[0], held}})}});
  ASSERT_EQ(tag_of(watch.commit()), "committed");
  ASSERT_TRUE(lab.find("Port", held));

  Transaction shrink(lab.database);
  lab.update(shrink, "Switch", built.owner, {{"ports", references({built.ports[1]})}});
  ASSERT_EQ(tag_of(shrink.commit()), "committed");
  EXPECT_FALSE(lab.find("Port", held));
}

TEST(Transaction, may_swap_unique_names_but_not_repeat_one) {
  Lab lab;
  const auto built = build(lab, {"a", "b"});
  Transaction swap(lab.database);
  lab.update(swap, "Port", built.ports[0], {{"name", text("b")}});
  lab.update(swap, "Port", built.ports[1], {{"name", text("a")}});
  EXPECT_EQ(tag_of(swap.commit()), "committed");
  EXPECT_EQ(lab.database.find_by_index(lab.table("Port"), 0, std::vector{text("a")})->uuid(), built.ports[1]);

  Transaction repeat(lab.database);
  lab.update(repeat, "Port", built.ports[0], {{"name", text("a")}});
  EXPECT_EQ(tag_of(repeat.commit()), constraint_violation);
  EXPECT_EQ(lab.value("Port", built.ports[0], "name"), text("b"));
}

TEST(Transaction, may_give_a_deleted_rows_unique_name_to_a_new_one) {
  Lab lab;
  const auto built = build(lab, {"a"});
  Transaction transaction(lab.database);
  lab.erase(transaction, "Port", built.ports[0]);
  const auto heir = lab.insert(transaction, "Port", {{"name", text("a")}});
  lab.update(transaction, "Switch", built.owner, {{"ports", references({heir})}});
  EXPECT_EQ(tag_of(transaction.commit()), "committed");
  EXPECT_EQ(lab.database.find_by_index(lab.table("Port"), 0, std::vector{text("a")})->uuid(), heir);
}

TEST(Transaction, refuses_more_rows_than_the_tables_limit) {
  Lab lab;
  Transaction transaction(lab.database);
  for (int i = 0; i < 3; ++i) lab.insert(transaction, "Switch", {});
  EXPECT_EQ(tag_of(transaction.commit()), constraint_violation);
  EXPECT_EQ(lab.count("Switch"), 0U);
}

TEST(Transaction, that_ends_as_it_began_is_told_to_nobody) {
  Lab lab;
  const auto built = build(lab, {"a"});
  const auto version = lab.value("Port", built.ports[0], "_version");
  int told = 0;
  lab.database.subscribe([&](const ChangeSet&, const Uuid&) { ++told; });
  Transaction transaction(lab.database);
  lab.update(transaction, "Port", built.ports[0], {{"name", text("b")}});
  lab.update(transaction, "Port", built.ports[0], {{"name", text("a")}});
  lab.erase(transaction, "Port", lab.insert(transaction, "Port", {}));
  EXPECT_EQ(tag_of(transaction.commit()), "committed");
  EXPECT_EQ(told, 0);
  EXPECT_EQ(lab.value("Port", built.ports[0], "_version"), version);
}

TEST(Transaction, gives_changed_rows_only_a_new_version) {
  Lab lab;
  const auto built = build(lab, {"a", "b"});
  const auto first = lab.value("Port", built.ports[0], "_version");
  const auto second = lab.value("Port", built.ports[1], "_version");
  Transaction transaction(lab.database);
  lab.update(transaction, "Port", built.ports[0], {{"slot", number(1)}});
  ASSERT_EQ(tag_of(transaction.commit()), "committed");
  EXPECT_NE(lab.value("Port", built.ports[0], "_version"), first);
  EXPECT_EQ(lab.value("Port", built.ports[1], "_version"), second);
}

class FullDisk : public Storage {
 public:
  std::function<Result<>()> sync_task() override {
    return [] { return Result<>(); };
  }
  void distrust_disk() override {}
  Result<> rewrite(const Database&, const std::string&, const Uuid&) override {
    return fail(io_error, "no space left");
  }
  Result<Uuid> append(const DatabaseSchema&, const ChangeSet&, const std::string&, bool) override {
    return fail(io_error, "no space left");
  }
};

TEST(Transaction, that_cannot_be_stored_has_not_happened) {
  Lab lab(std::make_unique<FullDisk>());
  bool told = false;
  lab.database.subscribe([&](const ChangeSet&, const Uuid&) { told = true; });
  Transaction transaction(lab.database);
  lab.insert(transaction, "Switch", {});
  EXPECT_EQ(tag_of(transaction.commit()), io_error);
  EXPECT_EQ(lab.count("Switch"), 0U);
  EXPECT_FALSE(told);
}

TEST(Transaction, is_told_to_observers_in_order_and_one_may_unsubscribe_another) {
  Lab lab;
  std::string told;
  Database::Subscription second = 0;
  lab.database.subscribe([&](const ChangeSet&, const Uuid& id) {
    told += "first ";
    EXPECT_EQ(id, lab.database.last_transaction_id());
    lab.database.unsubscribe(second);
  });
  second = lab.database.subscribe([&](const ChangeSet&, const Uuid&) { told += "second "; });
  lab.database.subscribe([&](const ChangeSet&, const Uuid&) { told += "third "; });
  build(lab, {"a"});
  EXPECT_EQ(told, "first third ");
}

}  // namespace
}  // namespace weft::ovsdb
