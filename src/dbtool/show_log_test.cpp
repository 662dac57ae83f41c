#include <gtest/gtest.h>

#include "dbtool/run_fixture.hpp"
#include "ovsdb/log_format.hpp"

namespace weft::dbtool {
namespace {

constexpr std::string_view records[] = {
    R"({"_date":1000,"_comment":"first","A":{"11111111-0000-0000-0000-000000000000":{"name":"x y","level":1}},)"
    R"("B":{"22222222-0000-0000-0000-000000000000":{"x":"q"}}})",
    R"({"_date":1795377377917,"_is_diff":true,"A":{"11111111-0000-0000-0000-000000000000":)"
    R"({"name":"z","numbers":["set",[1,3]],"words":["map",[["k","v w"]]],"part":["set",[]]}}})",
    R"({"_is_diff":true,"A":{"11111111-0000-0000-0000-000000000000":null},)"
    R"("B":{"22222222-0000-0000-0000-000000000000":null},"Other":{"33333333-0000-0000-0000-000000000000":{"c":[1]}}})",
    R"({"_comment":"nothing"})",
};

class ShowLog : public RunFixture {
 protected:
  ShowLog() {
    std::string log = ovsdb::make_record(to_line(schema_text));
    for (const auto record : records) log += ovsdb::make_record(record);
    write("db", log);
  }
  static std::string to_line(std::string_view text) {
    std::string line(text);
    std::ranges::replace(line, '\n', ' ');
    return line;
  }
};

TEST_F(ShowLog, tells_date_and_comment_of_every_transaction) {
  EXPECT_EQ(tool({"show-log", file("db")}).output, R"(record 0: "T" schema, version="1.2.3", cksum="12 34"

record 1: 1970-01-01 00:16:40.000 "first"
record 2: 2026-11-22 19:56:17.917
record 3:
record 4: "nothing"
)");
}

TEST_F(ShowLog, with_m_tells_the_rows_by_the_names_they_had) {
  EXPECT_EQ(tool({"-m", "show-log", file("db")}).output, R"(record 0: "T" schema, version="1.2.3", cksum="12 34"

record 1: 1970-01-01 00:16:40.000 "first"
  table A insert row "x y" (11111111):
  table B insert row 22222222:

record 2: 2026-11-22 19:56:17.917
  table A row "x y" (11111111) diff:

record 3:
  table A row "z" (11111111) diff:
    delete row
  table B row 22222222 (22222222) diff:
    delete row
  table Other insert row 33333333:

record 4: "nothing"
)");
}

TEST_F(ShowLog, with_m_twice_tells_the_columns_as_values_of_their_types) {
  const auto text = tool({"show-log", "-mm", file("db")}).output;
  EXPECT_NE(text.find("insert row \"x y\" (11111111):\n    name=\"x y\"\n    level=1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("diff:\n    name=z\n    numbers=[1, 3]\n    words={k=\"v w\"}\n    part=[]\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("    c=[1]\n"), std::string::npos) << "JSON, where the schema says nothing of it\n" << text;
}

TEST_F(ShowLog, tells_the_records_before_the_damage_and_then_the_damage) {
  auto log = read("db");
  log.resize(log.size() - 1);
  write("torn", log);
  const auto told = tool({"show-log", file("torn")});
  EXPECT_EQ(told.status, 1);
  EXPECT_NE(told.output.find("record 3:"), std::string::npos);
  EXPECT_EQ(told.output.find("record 4:"), std::string::npos);
  EXPECT_NE(told.error.find("interrupted write"), std::string::npos) << told.error;
}

TEST_F(ShowLog, bears_dates_that_no_calendar_has) {
  write("odd", ovsdb::make_record(to_line(schema_text)) + ovsdb::make_record(R"({"_date":9223372036854775807})") +
                   ovsdb::make_record(R"({"_date":-9223372036854775808})") + ovsdb::make_record(R"({"_date":-1})"));
  const auto told = tool({"show-log", file("odd")});
  EXPECT_EQ(told.status, 0);
  EXPECT_NE(told.output.find("record 1:\nrecord 2:\nrecord 3: 1969-12-31 23:59:59.000\n"), std::string::npos)
      << told.output;
}

}  // namespace
}  // namespace weft::dbtool
