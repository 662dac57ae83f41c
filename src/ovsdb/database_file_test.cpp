#include "ovsdb/database_file.hpp"

#include "base/process_name.hpp"
#include "ovsdb/database_file_fixture.hpp"
#include "ovsdb/log_format.hpp"

namespace weft::ovsdb {
namespace {

using namespace file_fixture;

TEST_F(DatabaseFileTest, is_made_with_its_directory_private_and_empty) {
  const auto file = open();
  ASSERT_TRUE(file) << file.error().details;
  EXPECT_TRUE(content((*file)->database()).empty());
  EXPECT_EQ(std::filesystem::status(path()).permissions(), std::filesystem::perms{0640});
  EXPECT_TRUE(bytes().starts_with("OVSDB JSON "));
}

TEST_F(DatabaseFileTest, keeps_every_kind_of_change) {
  const auto kept = Uuid::random();
  const auto deleted = Uuid::random();
  std::map<Uuid, std::string> before;
  {
    const auto file = open();
    ASSERT_TRUE(file);
    auto& database = (*file)->database();
    set(database, kept, R"({"name": "x\ny", "numbers": ["set", [1, 2]], "words": ["map", [["k", "v"], ["l", "w"]]]})");
    set(database, deleted, R"({"name": "short"})");
    set(database, kept, R"({"numbers": ["set", [2, 3]], "words": ["map", [["k", "changed"]]], "level": 5})");
    set(database, kept, R"({"level": 6})", "raise the level");
    erase(database, deleted);
    before = content(database);
  }
  const auto again = open();
  ASSERT_TRUE(again) << again.error().details;
  EXPECT_EQ(content((*again)->database()), before);
  EXPECT_NE(bytes().find(R"("_comment":"raise the level")"), std::string::npos);
  EXPECT_NE(bytes().find(R"("numbers":["set",[1,3]])"), std::string::npos) << "a set is written as its difference";
}

TEST_F(DatabaseFileTest, forgets_ephemeral_columns_and_writes_nothing_for_them) {
  const auto row = Uuid::random();
  {
    const auto file = open();
    set((*file)->database(), row, R"({"name": "x"})");
    const auto size = (*file)->size_bytes();
    set((*file)->database(), row, R"({"status": "busy"})");
    EXPECT_EQ((*file)->size_bytes(), size);
  }
  const auto again = open();
  EXPECT_NE(content((*again)->database()).at(row).find(R"("status":"")"), std::string::npos);
}

TEST_F(DatabaseFileTest, opens_after_a_crash_at_any_byte_with_the_commits_before_it) {
  const auto row = Uuid::random();
  std::vector<std::size_t> sizes;  // After each commit.
  std::string whole;
  {
    const auto file = open();
    sizes.push_back((*file)->size_bytes());
    for (int i = 1; i <= 5; ++i) {
      set((*file)->database(), row, fmt::format(R"({{"level": {}, "words": ["map", [["k{}", "v"]]]}})", i, i));
      sizes.push_back((*file)->size_bytes());
    }
    whole = bytes();
  }
  for (std::size_t cut = sizes[0]; cut <= whole.size(); ++cut) {
    write(whole.substr(0, cut));
    const auto file = open();
    ASSERT_TRUE(file) << "cut at " << cut << ": " << file.error().details;
    const auto commits = static_cast<std::size_t>(std::ranges::upper_bound(sizes, cut) - sizes.begin()) - 1;
    const auto rows = content((*file)->database());
    ASSERT_EQ(rows.size(), commits == 0 ? 0u : 1u) << "cut at " << cut;
    if (commits > 0) {
      EXPECT_NE(rows.at(row).find(fmt::format(R"("level":{},)", commits)), std::string::npos) << rows.at(row);
    }
    EXPECT_EQ((*file)->size_bytes(), sizes[commits]);
    EXPECT_EQ(bytes().size(), cut) << "the first commit cuts the torn end off";
  }
}

TEST_F(DatabaseFileTest, can_be_changed_after_a_torn_end_was_repaired) {
  const auto row = Uuid::random();
  {
    const auto file = open();
    set((*file)->database(), row, R"({"level": 1})");
    set((*file)->database(), row, R"({"level": 2})");
  }
  write(bytes().substr(0, bytes().size() - 5));
  {
    const auto file = open();
    set((*file)->database(), row, R"({"level": 3})");
  }
  const auto again = open();
  EXPECT_NE(content((*again)->database()).at(row).find(R"("level":3)"), std::string::npos);
}

TEST_F(DatabaseFileTest, corrupt_in_the_middle_is_refused_and_left_as_it_is) {
  {
    const auto file = open();
    for (int i = 0; i < 3; ++i) set((*file)->database(), Uuid::random(), R"({"name": "xxxx"})");
  }
  auto damaged = bytes();
  damaged[damaged.find("xxxx")] = 'y';
  write(damaged);
  const auto result = open();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().tag, "corrupt database");
  EXPECT_NE(result.error().details.find(path()), std::string::npos) << result.error().details;
  EXPECT_EQ(bytes(), damaged);
}

TEST_F(DatabaseFileTest, of_an_unsuitable_schema_is_refused_and_left_as_it_is) {
  {
    ASSERT_TRUE(open());
  }
  const auto before = bytes();
  const auto result = open_database(path(), schema(), [](const DatabaseSchema& found) -> Result<> {
    return fail("unsuitable schema", "version " + found.version);
  });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().tag, "unsuitable schema");
  EXPECT_NE(result.error().details.find("version 1.0.0"), std::string::npos) << result.error().details;
  EXPECT_NE(result.error().details.find(path()), std::string::npos) << result.error().details;
  EXPECT_EQ(bytes(), before);
}

TEST_F(DatabaseFileTest, a_last_record_that_does_not_fit_the_schema_is_dropped_whole_and_one_before_others_refused) {
  const auto row = Uuid::random();
  {
    const auto file = open();
    set((*file)->database(), row, R"({"level": 1})");
  }
  const auto good = bytes();
  const auto id = Uuid::random().to_string();
  const auto change = fmt::format(R"("{}":{{"level":7}})", row.to_string());
  for (const auto& record : {fmt::format(R"({{"A":{{{},"{}":{{}}}},"B":{{}}}})", change, id),
                             fmt::format(R"({{"A":{{{},"{}":{{"x":1}}}}}})", change, id),
                             fmt::format(R"({{"A":{{{},"{}":{{"level":"x"}}}}}})", change, id),
                             fmt::format(R"({{"A":{{{},"{}":null}}}})", change, id), std::string(R"({"A":{"x":{}}})"),
                             std::string(R"({"A":[]})"), std::string("[]")}) {
    write(good + make_record(record));
    const auto file = open();
    ASSERT_TRUE(file) << file.error().details;
    EXPECT_NE(content((*file)->database()).at(row).find(R"("level":1)"), std::string::npos) << record;
    EXPECT_EQ(content((*file)->database()).size(), 1u) << record;
  }
  write(good + make_record("[]") + make_record("{}"));
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().tag, "corrupt database");
}

TEST_F(DatabaseFileTest, has_one_holder_at_a_time_and_names_it) {
  {
    const auto first = open();
    const auto second = open();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().tag, "locked");
    EXPECT_NE(second.error().details.find(describe_process(::getpid())), std::string::npos) << second.error().details;
  }
  EXPECT_TRUE(open()) << "the lock goes with its holder";
}

TEST_F(DatabaseFileTest, compacted_has_the_same_content_in_two_records) {
  const auto row = Uuid::random();
  std::map<Uuid, std::string> before;
  {
    const auto file = open();
    for (int i = 0; i < 100; ++i) set((*file)->database(), row, fmt::format(R"({{"level": {}}})", i));
    const auto size = (*file)->size_bytes();
    const auto compacted = (*file)->compact();
    ASSERT_TRUE(compacted) << compacted.error().details;
    EXPECT_LT((*file)->size_bytes(), size / 10);
    EXPECT_EQ((*file)->size_bytes(), bytes().size());
    set((*file)->database(), row, R"({"name": "after"})");
    before = content((*file)->database());
  }
  EXPECT_EQ(std::filesystem::status(path()).permissions(), std::filesystem::perms{0640});
  const auto again = open();
  ASSERT_TRUE(again) << again.error().details;
  EXPECT_EQ(content((*again)->database()), before);
}

TEST_F(DatabaseFileTest, that_cannot_be_compacted_goes_on_being_used) {
  const auto row = Uuid::random();
  {
    const auto file = open();
    set((*file)->database(), row, R"({"level": 1})");
    std::filesystem::create_directories(path() + ".new/in the way");
    EXPECT_FALSE((*file)->compact());
    set((*file)->database(), row, R"({"level": 2})");
  }
  const auto again = open();
  EXPECT_NE(content((*again)->database()).at(row).find(R"("level":2)"), std::string::npos);
}

TEST_F(DatabaseFileTest, compacts_itself_when_it_has_grown) {
  const auto file = open();
  const auto row = Uuid::random();
  const std::string long_name(1 << 20, 'n');
  std::uint64_t largest = 0;
  for (int i = 0; i < 15; ++i) {
    set((*file)->database(), row, fmt::format(R"({{"name": "{}{}"}})", i, long_name));
    largest = std::max(largest, (*file)->size_bytes());
  }
  EXPECT_LT(largest, compaction_least_bytes + 2 * long_name.size());
  EXPECT_LT((*file)->size_bytes(), compaction_least_bytes);
}

TEST_F(DatabaseFileTest, what_a_failed_sync_may_have_lost_is_written_anew) {
  auto file = open();
  ASSERT_TRUE(file);
  const auto row = Uuid::random();
  set((*file)->database(), row, R"({"name": "a"})");
  set((*file)->database(), row, R"({"name": "b"})");
  // As if the disk had lost the records, and only the page cache knew them.
  std::filesystem::resize_file(path(), 0);
  (*file)->database().distrust_disk();
  set((*file)->database(), row, R"({"level": 1})");
  const auto before = content((*file)->database());
  file->reset();
  const auto again = open();
  ASSERT_TRUE(again) << again.error().details;
  EXPECT_EQ(content((*again)->database()), before);
}

}  // namespace
}  // namespace weft::ovsdb
