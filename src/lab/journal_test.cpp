#include "lab/journal.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace weft::lab {
namespace {

namespace fs = std::filesystem;

Object object(Kind kind, std::string name) {
  return {.id = {kind, "host1", std::move(name)},
          .needs = {{Kind::host, "host1", "host1"}},
          .claims = {"/sys/class/net/x"},
          .facts = {{"port", "veth0"}},
          .create = {ip("link add x"), vsctl("add-port br x")},
          .remove = {may_fail(ip_in("c1", "link delete x"))}};
}

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "weft-journal-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string path() const { return directory_ + "/journal"; }
  void write(std::string_view text) const { std::ofstream(path(), std::ios::app) << text; }

  std::string directory_;
};

const Steps creation = {{Step::Action::create, object(Kind::container, "c1")}};
const Steps removal = {{Step::Action::remove, object(Kind::container, "c1")}};

TEST_F(JournalTest, remembers_intents_and_what_became_of_them) {
  {
    auto journal = Journal::open(directory_, "two-hosts");
    ASSERT_TRUE(journal);
    ASSERT_TRUE(journal->note_file("/x/lab.yaml"));
    ASSERT_TRUE(journal->intend(creation));
  }
  const auto id = creation.front().object.id;
  auto record = Journal::read(directory_);
  ASSERT_TRUE(record) << record.error().details;
  EXPECT_EQ(record->lab, "two-hosts");
  EXPECT_EQ(record->file, "/x/lab.yaml");
  EXPECT_EQ(record->objects.at(id), (Recorded{creation.front().object, false}));

  auto journal = Journal::open(directory_, "two-hosts");
  ASSERT_TRUE(journal);
  ASSERT_TRUE(journal->finish(creation));
  EXPECT_TRUE(Journal::read(directory_)->objects.at(id).is_whole);
  ASSERT_TRUE(journal->intend(removal));
  EXPECT_FALSE(Journal::read(directory_)->objects.at(id).is_whole);
  ASSERT_TRUE(journal->finish(removal));
  EXPECT_TRUE(Journal::read(directory_)->objects.empty());
}

TEST_F(JournalTest, forgets_a_torn_last_line_and_goes_on_behind_it) {
  ASSERT_TRUE(Journal::open(directory_, "lab")->intend(creation));
  write(R"({"create":{"kind":"bridge","ho)");
  auto journal = Journal::open(directory_, "lab");
  ASSERT_TRUE(journal) << journal.error().details;
  EXPECT_EQ(journal->record().objects.size(), 1U);
  ASSERT_TRUE(journal->finish(creation));
  EXPECT_TRUE(Journal::read(directory_)->objects.begin()->second.is_whole);
}

TEST_F(JournalTest, begins_anew_where_its_first_line_is_torn) {
  write(R"({"file":"/x/la)");
  const auto journal = Journal::open(directory_, "lab");
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->record().lab, "lab");
}

TEST_F(JournalTest, names_the_line_that_it_does_not_understand) {
  ASSERT_TRUE(Journal::open(directory_, "lab"));
  write("{\"created\":{\"kind\":\"bridge\",\"host\":\"h\",\"name\":\"b\"}}\n");
  const auto record = Journal::read(directory_);
  ASSERT_FALSE(record);
  EXPECT_NE(record.error().details.find("line 2: bridge b on h was never begun"), std::string::npos)
      << record.error().details;
}

TEST_F(JournalTest, is_written_anew_when_most_of_it_no_longer_matters) {
  ASSERT_TRUE(Journal::open(directory_, "lab")->intend(creation));
  std::string lines;
  for (std::size_t i = 0; i < journal_spare_lines_max + 10; ++i) {
    lines += "{\"created\":" + to_text(to_json(creation.front().object.id)) + "}\n";
  }
  write(lines);
  const auto before = fs::file_size(path());
  const auto record = Journal::read(directory_);
  ASSERT_TRUE(Journal::open(directory_, "lab"));
  EXPECT_LT(fs::file_size(path()), before / 100);
  EXPECT_EQ(*Journal::read(directory_), *record);
}

TEST(Replay, gives_back_what_lines_of_wrote) {
  Record record{.lab = "lab", .file = "/f"};
  for (const auto kind : {Kind::host, Kind::bridge, Kind::guest}) {
    const auto one = object(kind, "x");
    record.objects[one.id] = {one, kind == Kind::bridge};
  }
  EXPECT_EQ(replay(lines_of(record))->record, record);
}

TEST(Replay, refuses_a_journal_of_another_version) {
  EXPECT_FALSE(replay("{\"lab\":\"x\",\"file\":\"\",\"version\":2}\n"));
}

}  // namespace
}  // namespace weft::lab
