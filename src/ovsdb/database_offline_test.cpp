#include "ovsdb/database_offline.hpp"

#include <sys/stat.h>

#include "ovsdb/database_file_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace file_fixture;

DatabaseSchema schema_of(std::string_view text) {
  auto schema = DatabaseSchema::from_json(*parse_json(text));
  EXPECT_TRUE(schema) << schema.error().details;
  return *schema;
}

class DatabaseOffline : public DatabaseFileTest {
 protected:
  // One row, after a change and with another one deleted.
  void fill() {
    const auto file = open();
    ASSERT_TRUE(file) << file.error().details;
    set((*file)->database(), row_, R"({"name": "old", "level": 1})");
    set((*file)->database(), row_, R"({"name": "new", "numbers": ["set", [1, 2]]})");
    const auto gone = Uuid::random();
    set((*file)->database(), gone, R"({"name": "gone"})");
    erase((*file)->database(), gone);
  }
  std::string other() const { return directory_ / "other.db"; }
  Uuid row_ = Uuid::random();
};

TEST_F(DatabaseOffline, makes_a_file_once_and_never_over_another) {
  ASSERT_TRUE(create_database(other(), schema()));
  EXPECT_EQ(to_text(read_database_schema(other())->to_json()), to_text(schema().to_json()));
  EXPECT_EQ(create_database(other(), schema()).error().tag, "already exists");
}

TEST_F(DatabaseOffline, is_made_and_compacted_where_a_link_points_to) {
  const auto link = directory_ / "link.db";
  std::filesystem::create_symlink("other.db", link);
  ASSERT_TRUE(create_database(link, schema()));
  ASSERT_TRUE(rewrite_database(link, link, nullptr, ""));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_TRUE(std::filesystem::is_regular_file(std::filesystem::symlink_status(other())));
  EXPECT_TRUE(std::filesystem::exists(directory_ / ".other.db.~lock~"));
}

TEST_F(DatabaseOffline, is_refused_where_links_point_to_each_other) {
  std::filesystem::create_symlink("b", directory_ / "a");
  std::filesystem::create_symlink("a", directory_ / "b");
  EXPECT_EQ(create_database(directory_ / "a", schema()).error().tag, "I/O error");
}

TEST_F(DatabaseOffline, is_read_while_a_server_has_it_open) {
  fill();
  const auto served = open();
  ASSERT_TRUE(served);
  EXPECT_EQ(content(**read_database(path())), content((*served)->database()));
  EXPECT_FALSE(*is_clustered_database(path()));
  EXPECT_EQ(open_existing_database(path(), TornEnd::refuse).error().tag, "locked");
  EXPECT_EQ(rewrite_database(path(), path(), nullptr, "").error().tag, "locked");
  EXPECT_TRUE(rewrite_database(path(), other(), nullptr, ""));
}

TEST_F(DatabaseOffline, is_compacted_in_place_with_its_rows_and_its_mode) {
  fill();
  const auto rows = content(**read_database(path()));
  const auto size = bytes().size();
  ::chmod(path().c_str(), 0604);
  ASSERT_TRUE(rewrite_database(path(), path(), nullptr, "smaller"));
  EXPECT_LT(bytes().size(), size);
  EXPECT_EQ(content(**read_database(path())), rows);
  EXPECT_EQ(std::filesystem::status(path()).permissions(), std::filesystem::perms(0604));
}

TEST_F(DatabaseOffline, is_converted_without_what_the_schema_lacks_and_with_defaults_for_what_is_new) {
  fill();
  const auto target = schema_of(R"({"name": "T", "version": "2.0.0", "tables": {"A": {"isRoot": true, "columns": {
    "name": {"type": "string"}, "added": {"type": "integer"}}}}})");
  ASSERT_TRUE(rewrite_database(path(), other(), &target, "converted"));
  const auto converted = read_database(other());
  ASSERT_TRUE(converted) << converted.error().details;
  EXPECT_EQ(content(**converted), (std::map<Uuid, std::string>{{row_, R"({"added":0,"name":"new"})"}}));
}

TEST_F(DatabaseOffline, is_left_as_it_is_where_a_row_breaks_the_other_schemas_constraints) {
  fill();
  const auto before = bytes();
  const auto target = schema_of(R"({"name": "T", "tables": {"A": {"isRoot": true, "columns": {
    "name": {"type": {"key": {"type": "string", "minLength": 4}}}}}}})");
  const auto refused = rewrite_database(path(), path(), &target, "");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().tag, "constraint violation");
  EXPECT_NE(refused.error().details.find("name"), std::string::npos) << refused.error().details;
  EXPECT_EQ(bytes(), before);
}

TEST_F(DatabaseOffline, with_a_torn_end_is_refused_and_left_as_it_is) {
  fill();
  auto torn = bytes();
  torn.resize(torn.size() - 3);
  write(torn);
  EXPECT_EQ(read_database(path()).error().tag, "torn");
  EXPECT_EQ(open_existing_database(path(), TornEnd::refuse).error().tag, "torn");
  EXPECT_EQ(rewrite_database(path(), path(), nullptr, "").error().tag, "torn");
  EXPECT_EQ(bytes(), torn);
  EXPECT_EQ(read_database_schema(path())->name, "T") << "which needs the first record only";
}

TEST_F(DatabaseOffline, that_is_no_database_is_refused_without_a_trace) {
  EXPECT_EQ(open_existing_database(other(), TornEnd::refuse).error().tag, "I/O error");
  EXPECT_EQ(rewrite_database(other(), other(), nullptr, "").error().tag, "I/O error");
  EXPECT_EQ(read_database_schema(directory_).error().tag, "I/O error") << "of a folder, in the kernel's words";
  ASSERT_EQ(::mkfifo(other().c_str(), 0600), 0);
  EXPECT_EQ(read_database(other()).error().tag, "not a database") << "and nobody waits for a writer of the pipe";
  std::filesystem::remove(other());
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

}  // namespace
}  // namespace weft::ovsdb
