#include "ovsdb/schema.hpp"

#include <gtest/gtest.h>

namespace weft::ovsdb {
namespace {

constexpr char switch_like[] = R"({
  "name": "Lab", "version": "1.2.3", "cksum": "42 7",
  "tables": {
    "Root": {"isRoot": true, "maxRows": 1, "columns": {
        "ports": {"type": {"key": {"type": "uuid", "refTable": "Port"}, "min": 0, "max": "unlimited"}},
        "next": {"type": "integer"}}},
    "Port": {"indexes": [["name"], ["slot", "rack"]], "columns": {
        "name": {"type": "string", "mutable": false},
        "slot": {"type": "integer"}, "rack": {"type": "integer"},
        "peer": {"type": {"key": {"type": "uuid", "refTable": "Port", "refType": "weak"}, "min": 0}},
        "status": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}, "ephemeral": true}}}}})";

std::string error_of(std::string_view text) {
  const auto schema = DatabaseSchema::from_json(parse_json(text).value());
  return schema ? "no error" : schema.error().tag + ": " + schema.error().details;
}

// A schema of one table T with these members.
std::string error_of_table(const std::string& members) {
  return error_of(R"({"name":"D","tables":{"T":{)" + members + "}}}");
}

TEST(Schema, survives_json) {
  const auto json = parse_json(switch_like).value();
  const auto schema = DatabaseSchema::from_json(json);
  ASSERT_TRUE(schema) << schema.error().details;
  EXPECT_EQ(schema->to_json(), json);
}

TEST(Schema, finds_tables_and_columns_by_exact_name) {
  const auto schema = DatabaseSchema::from_json(parse_json(switch_like).value()).value();
  ASSERT_TRUE(schema.find("Port"));
  const auto& port = schema.tables[*schema.find("Port")];
  EXPECT_EQ(port.columns[*port.find("slot")].name, "slot");
  EXPECT_EQ(port.find("_uuid"), uuid_column);
  EXPECT_EQ(port.find("_version"), version_column);
  EXPECT_FALSE(port.find("Slot"));
  EXPECT_FALSE(schema.find("port"));
  EXPECT_EQ(port.indexes.size(), 2U);
  EXPECT_FALSE(port.is_root);
}

TEST(Schema, without_a_root_table_has_only_root_tables) {
  const auto json = parse_json(R"({"name":"D","tables":{"A":{"columns":{"x":{"type":"integer"}}}}})").value();
  const auto schema = DatabaseSchema::from_json(json).value();
  EXPECT_TRUE(schema.tables[0].is_root);
  EXPECT_EQ(schema.to_json(), json);
}

TEST(Schema, keeps_an_ephemeral_column_whose_references_keep_rows_alive) {
  const auto schema = DatabaseSchema::from_json(parse_json(R"({"name":"D","tables":{
      "A":{"isRoot":true,"columns":{"b":{"type":{"key":{"type":"uuid","refTable":"B"},"min":0},"ephemeral":true}}},
      "B":{"columns":{"x":{"type":"integer","ephemeral":true}}}}})")
                                                    .value())
                          .value();
  EXPECT_FALSE(schema.tables[0].columns[first_own_column].ephemeral);
  EXPECT_TRUE(schema.tables[1].columns[first_own_column].ephemeral);
}

TEST(Schema, makes_weak_references_mutable_because_removing_their_row_changes_them) {
  const auto schema = DatabaseSchema::from_json(parse_json(R"({"name":"D","tables":{"A":{"columns":{
      "a":{"mutable":false,"type":{"key":{"type":"uuid","refTable":"A","refType":"weak"},"min":0}}}}}})")
                                                    .value());
  EXPECT_TRUE(schema->tables[0].columns[first_own_column].is_mutable);
}

TEST(Schema, of_nonsense_is_an_error_that_says_where) {
  EXPECT_EQ(error_of("3"), "syntax error: Parsing database schema failed: Object expected.");
  EXPECT_EQ(error_of(R"({"tables":{}})"),
            "syntax error: Parsing database schema failed: Required 'name' member is missing.");
  EXPECT_EQ(error_of(R"({"name":"D","tables":{},"version":"1.2"})"),
            "syntax error: schema version \"1.2\" not in format x.y.z");
  EXPECT_EQ(error_of(R"({"name":"D","tables":{},"colour":1})"),
            "syntax error: Parsing database schema failed: Member 'colour' is present but not allowed here.");
  EXPECT_EQ(error_of_table(R"("columns":{})"), "syntax error: table must have at least one column");
  EXPECT_EQ(error_of_table(R"("columns":{"_x":{"type":"integer"}})"),
            "syntax error: names beginning with \"_\" are reserved");
  EXPECT_EQ(error_of_table(R"("columns":{"x":{"type":{"key":{"type":"uuid","refTable":"U"}}}})"),
            "syntax error: column x key refers to undefined table U");
  EXPECT_EQ(error_of_table(R"("columns":{"x":{"type":"integer"}},"indexes":[["y"]])"),
            "syntax error: y is not a valid column name");
  EXPECT_EQ(error_of_table(R"("columns":{"x":{"type":"integer","ephemeral":true}},"indexes":[["x"]])"),
            "syntax error: ephemeral columns (such as x) may not be indexed");
  EXPECT_EQ(error_of_table(R"("columns":{"x":{"type":"integer"}},"maxRows":0)"),
            "syntax error: maxRows must be at least 1");
}

}  // namespace
}  // namespace weft::ovsdb
