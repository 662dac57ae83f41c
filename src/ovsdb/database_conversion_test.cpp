#include "ovsdb/database_conversion.hpp"

#include "ovsdb/database_audit.hpp"
#include "ovsdb/database_file_fixture.hpp"
#include "ovsdb/database_fixture.hpp"
#include "ovsdb/database_offline.hpp"

namespace weft::ovsdb {
namespace {

DatabaseSchema schema_of(std::string_view text) { return DatabaseSchema::from_json(parse_json(text).value()).value(); }

TEST(DatabaseConversion, keeps_rows_references_and_values_that_are_in_no_file) {
  fixture::Lab lab;
  Transaction transaction(lab.database);
  const auto status = Datum::map({{std::string("k"), std::string("v")}});
  const auto port = lab.insert(transaction, "Port", {{"name", fixture::text("p")}, {"status", status}});
  const auto bridge = lab.insert(transaction, "Switch", {{"ports", fixture::references({port})}});
  ASSERT_TRUE(transaction.commit());
  const auto converted = convert_database(lab.database, fixture::schema());
  ASSERT_TRUE(converted) << converted.error().details;
  const auto port_table = lab.table("Port");
  EXPECT_EQ((*converted)->find(port_table, port)->columns[lab.column("Port", "status")], status);
  EXPECT_TRUE((*converted)->find(lab.table("Switch"), bridge));
  EXPECT_EQ(find_inconsistency(**converted), "");
}

TEST(DatabaseConversion, makes_a_default_of_a_default_where_the_type_differs) {
  fixture::Lab lab;
  Transaction transaction(lab.database);
  const auto bridge = lab.insert(transaction, "Switch", {});
  ASSERT_TRUE(transaction.commit());
  const auto converted = convert_database(lab.database, schema_of(R"({"name": "Lab", "tables": {
    "Switch": {"isRoot": true, "columns": {"ports": {"type": "integer"}}}}})"));
  ASSERT_TRUE(converted) << converted.error().details;
  EXPECT_EQ((*converted)->find(0, bridge)->columns[first_own_column], fixture::number(0));
}

TEST(DatabaseConversion, collects_rows_that_nothing_refers_to_any_more) {
  fixture::Lab lab;
  Transaction transaction(lab.database);
  const auto port = lab.insert(transaction, "Port", {});
  lab.insert(transaction, "Switch", {{"ports", fixture::references({port})}});
  ASSERT_TRUE(transaction.commit());
  const auto converted = convert_database(lab.database, schema_of(R"({"name": "Lab", "tables": {
    "Switch": {"isRoot": true, "columns": {"name": {"type": "string"}}},
    "Port": {"isRoot": false, "columns": {"name": {"type": "string"}}}}})"));
  ASSERT_TRUE(converted) << converted.error().details;
  EXPECT_EQ((*converted)->rows(1).size(), 1u);
  EXPECT_TRUE((*converted)->rows(0).empty());
}

class ServedConversion : public file_fixture::DatabaseFileTest {
 protected:
  const DatabaseSchema newer = schema_of(R"({"name": "T", "version": "2.0.0", "tables": {"A": {"isRoot": true,
    "columns": {"name": {"type": "string"}, "added": {"type": "integer"}}}}})");
  const Uuid row = Uuid::random();
};

TEST_F(ServedConversion, is_in_the_file_with_the_new_schema_and_commits_go_on) {
  {
    const auto file = open();
    ASSERT_TRUE(file);
    auto& database = (*file)->database();
    file_fixture::set(database, row, R"({"name": "old", "level": 5})");
    const auto converted = database.convert(newer);
    ASSERT_TRUE(converted) << converted.error().details;
    file_fixture::set(database, row, R"({"added": 7})");
  }
  EXPECT_NE(bytes().find("converted by ovsdb-server"), std::string::npos);
  const auto again = read_database(path());
  ASSERT_TRUE(again) << again.error().details;
  EXPECT_EQ(file_fixture::content(**again).at(row), R"({"added":7,"name":"old"})");
  EXPECT_EQ((*again)->schema().version, "2.0.0");
}

TEST_F(ServedConversion, that_the_rows_do_not_allow_leaves_file_and_rows_as_they_were) {
  const auto file = open();
  ASSERT_TRUE(file);
  auto& database = (*file)->database();
  file_fixture::set(database, row, R"({"name": "old"})");
  const auto before = bytes();
  const auto refused = database.convert(schema_of(R"({"name": "T", "tables": {"A": {"isRoot": true, "columns": {
    "name": {"type": {"key": {"type": "string", "minLength": 4}}}}}}})"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().tag, "constraint violation");
  EXPECT_NE(refused.error().details.find("table A, column name"), std::string::npos) << refused.error().details;
  EXPECT_EQ(bytes(), before);
  file_fixture::set(database, row, R"({"level": 5})");
}

TEST_F(ServedConversion, that_cannot_be_written_leaves_everything_as_it_was) {
  const auto file = open();
  ASSERT_TRUE(file);
  auto& database = (*file)->database();
  file_fixture::set(database, row, R"({"name": "old"})");
  const auto before = bytes();
  // Where the new file would be written there is a directory that is not empty: root may do the rest.
  std::filesystem::create_directories(path() + ".new/x");
  EXPECT_FALSE(database.convert(newer));
  EXPECT_EQ(database.schema().version, "1.0.0");
  EXPECT_EQ(bytes(), before);
  file_fixture::set(database, row, R"({"level": 5})");
}

}  // namespace
}  // namespace weft::ovsdb
