#include "ovsdb/group_commit.hpp"

#include <gtest/gtest.h>

#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace session_fixture;

// A disk that is as fast as the test says.
struct Disk {
  int syncs = 0;
  bool is_broken = false;
  bool is_distrusted = false;
};

class SlowStorage : public Storage {
 public:
  explicit SlowStorage(Disk& disk) : disk_(disk) {}
  Result<Uuid> append(const DatabaseSchema&, const ChangeSet&, const std::string&, bool) override {
    if (disk_.is_distrusted) return fail("I/O error", "the disk is doubtful");
    return Uuid::random();
  }
  std::function<Result<>()> sync_task() override {
    return [&disk = disk_]() -> Result<> {
      ++disk.syncs;
      if (disk.is_broken) return fail("I/O error", "the disk is broken");
      return {};
    };
  }
  void distrust_disk() override { disk_.is_distrusted = true; }
  Result<> rewrite(const Database&, const std::string&, const Uuid&) override { return {}; }

 private:
  Disk& disk_;
};

class GroupCommitTest : public SessionTest {
 protected:
  GroupCommitTest() {
    database.set_storage(std::make_unique<SlowStorage>(disk));
    service.run_syncs_by([this](GroupCommit::Sync task, GroupCommit::Answer done) {
      running.emplace_back(std::move(task), std::move(done));
    });
  }
  // The oldest sync that runs comes to its end.
  void finish_sync() {
    const auto [task, done] = std::move(running.front());
    running.erase(running.begin());
    done(task());
  }

  Disk disk;
  std::vector<std::pair<GroupCommit::Sync, GroupCommit::Answer>> running;
  Client client{service};
  Client other{service};
};

constexpr std::string_view durable_insert =
    R"(["T",{"op":"insert","table":"A","row":{"name":"x"},"uuid-name":"a"},{"op":"commit","durable":true}])";

TEST_F(GroupCommitTest, a_durable_transaction_is_answered_when_it_is_on_the_disk) {
  client.ask("transact", durable_insert);
  EXPECT_EQ(client.heard(), Texts{});
  EXPECT_EQ(database.rows(0).size(), 1u) << "others see it meanwhile";
  finish_sync();
  EXPECT_EQ(client.heard().size(), 1u);
}

TEST_F(GroupCommitTest, others_are_answered_while_the_disk_is_busy) {
  client.ask("transact", durable_insert);
  other.ask("transact", R"(["T",{"op":"insert","table":"A","row":{"name":"y"}}])");
  EXPECT_EQ(other.heard().size(), 1u);
  EXPECT_EQ(client.heard(), Texts{});
}

TEST_F(GroupCommitTest, one_sync_serves_all_that_came_while_the_one_before_ran) {
  client.ask("transact", durable_insert, "0");
  for (int i = 1; i <= 64; ++i) (i % 2 ? client : other).ask("transact", durable_insert, std::to_string(i));
  ASSERT_EQ(running.size(), 1u);
  finish_sync();
  EXPECT_EQ(client.heard().size(), 1u) << "the later ones were not in the first sync";
  ASSERT_EQ(running.size(), 1u);
  finish_sync();
  EXPECT_EQ(client.heard().size(), 32u);
  EXPECT_EQ(other.heard().size(), 32u);
  EXPECT_EQ(disk.syncs, 2);
}

TEST_F(GroupCommitTest, what_did_not_reach_the_disk_is_an_error_and_so_is_what_follows) {
  disk.is_broken = true;
  client.ask("transact", durable_insert);
  finish_sync();
  const auto answers = client.heard();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_NE(answers[0].find("the disk is broken"), std::string::npos) << answers[0];
  EXPECT_NE(client.result("transact", durable_insert).find("the disk is doubtful"), std::string::npos);
}

TEST_F(GroupCommitTest, a_client_that_left_is_not_answered) {
  client.ask("transact", durable_insert);
  client.leave();
  finish_sync();
  EXPECT_EQ(client.heard(), Texts{});
}

TEST_F(GroupCommitTest, too_many_that_wait_are_not_made_to_wait_longer) {
  client.ask("transact", durable_insert);
  for (std::size_t i = 0; i < max_unsynced_transactions; ++i) client.ask("transact", durable_insert);
  EXPECT_EQ(client.heard(), Texts{});
  client.ask("transact", durable_insert);
  EXPECT_EQ(client.heard().size(), max_unsynced_transactions + 1) << "all but the first, whose sync still runs";
}

TEST_F(GroupCommitTest, large_answers_are_not_made_to_wait_longer) {
  const std::string text(1 << 20, 'x');
  client.result("transact", fmt::format(R"(["T",{{"op":"insert","table":"A","row":{{"name":"{}"}}}}])", text));
  const auto ask_for_all = [&] {
    client.ask("transact", R"(["T",{"op":"select","table":"A","where":[]},{"op":"commit","durable":true}])");
  };
  for (std::size_t i = 0; i <= max_unsynced_bytes / text.size(); ++i) ask_for_all();
  EXPECT_GE(client.heard().size(), max_unsynced_bytes / text.size() - 1) << "all but the first, whose sync still runs";
}

}  // namespace
}  // namespace weft::ovsdb
