// What recorded replies cannot show: waiting, read-only clients, limits, texts. The rest: tests/conformance.
#include "ovsdb/execution.hpp"

#include <gtest/gtest.h>

#include "ovsdb/database_fixture.hpp"

namespace weft::ovsdb {
namespace {

using namespace fixture;
using std::chrono::milliseconds;

json::array results_of(Lab& lab, std::string_view operations, const ExecutionContext& context = {}) {
  const auto request = parse_json(operations).value();
  auto result = execute(lab.database, request.as_array(), context);
  if (!std::holds_alternative<json::array>(result)) {
    ADD_FAILURE() << "the transaction waits";
    return {};
  }
  return std::get<json::array>(result);
}

std::string details_of(Lab& lab, std::string_view operation) {
  const auto results = results_of(lab, "[" + std::string(operation) + "]");
  const auto* details = results.at(0).as_object().if_contains("details");
  return details ? std::string(details->as_string()) : "no error";
}

std::optional<Blocked> blocked(Lab& lab, std::string_view operations, milliseconds elapsed) {
  const auto request = parse_json(operations).value();
  ExecutionContext context;
  context.elapsed = elapsed;
  const auto result = execute(lab.database, request.as_array(), context);
  const auto* waits = std::get_if<Blocked>(&result);
  return waits ? std::optional(*waits) : std::nullopt;
}

constexpr char wait_for_a[] = R"([
    {"op":"insert","table":"Switch","row":{"name":"while waiting"}},
    {"op":"wait","table":"Switch","where":[["name","==","a"]],"columns":["name"],"until":"==","rows":[{"name":"a"}],
     "timeout":500}])";

TEST(Execution, that_waits_says_how_long_and_has_changed_nothing) {
  Lab lab;
  const auto waits = blocked(lab, wait_for_a, milliseconds(499));
  ASSERT_TRUE(waits);
  EXPECT_EQ(waits->timeout, milliseconds(500));
  EXPECT_EQ(lab.count("Switch"), 0U);
}

TEST(Execution, waits_no_longer_than_its_timeout) {
  Lab lab;
  ExecutionContext context;
  context.elapsed = milliseconds(500);
  EXPECT_EQ(results_of(lab, wait_for_a, context).at(1).at("error"), "timed out");
}

TEST(Execution, without_a_timeout_waits_for_ever) {
  Lab lab;
  const auto waits = blocked(
      lab, R"([{"op":"wait","table":"Switch","where":[],"columns":["name"],"until":"!=","rows":[]}])", milliseconds(0));
  ASSERT_TRUE(waits);
  EXPECT_FALSE(waits->timeout);
}

TEST(Execution, goes_on_when_what_it_waits_for_is_there) {
  Lab lab;
  results_of(lab, R"([{"op":"insert","table":"Switch","row":{"name":"a"}}])");
  EXPECT_EQ(results_of(lab, wait_for_a).size(), 2U);
  EXPECT_EQ(lab.count("Switch"), 2U);
}

TEST(Execution, for_a_reader_refuses_what_would_change_rows) {
  Lab lab;
  ExecutionContext reader;
  reader.access.read_only = true;
  for (const auto* operation : {"insert", "update", "mutate", "delete"}) {
    const auto request = R"([{"op":")" + std::string(operation) + R"(","table":"Switch"}])";
    EXPECT_EQ(results_of(lab, request, reader).at(0).at("error"), "not allowed") << operation;
  }
  EXPECT_EQ(to_text(results_of(lab, R"([{"op":"select","table":"Switch","where":[]}])", reader)), R"([{"rows":[]}])");
}

TEST(Execution, can_be_tried_without_a_commit) {
  Lab lab;
  ExecutionContext trial;
  trial.commits = false;
  constexpr std::string_view request = R"([{"op":"insert","table":"Switch","row":{"name":"a"}}])";
  EXPECT_TRUE(results_of(lab, request, trial).at(0).get_object().contains("uuid"));
  EXPECT_EQ(lab.count("Switch"), 0U);
  EXPECT_TRUE(changes_rows(parse_json(request)->get_array()));
  EXPECT_FALSE(changes_rows(parse_json(R"([{"op":"select"},{"op":"comment"},{"op":3},{},[]])")->get_array()));
}

TEST(Execution, limits_the_number_of_operations) {
  Lab lab;
  const json::value comment = {{"op", "comment"}, {"comment", "x"}};
  const json::array allowed(TransactionLimits().operations, comment);
  EXPECT_EQ(std::get<json::array>(execute(lab.database, allowed)).size(), allowed.size());
  const json::array one_more(TransactionLimits().operations + 1, comment);
  const auto results = std::get<json::array>(execute(lab.database, one_more));
  EXPECT_EQ(results.at(0).at("error"), "resources exhausted");
}

TEST(Execution, limits_the_search_for_rows) {
  Lab lab;
  results_of(lab, R"([{"op":"insert","table":"Switch","row":{}},{"op":"insert","table":"Switch","row":{}}])");
  ExecutionContext context;
  context.limits.rows_looked_at = 3;
  const auto results = results_of(lab, R"([{"op":"delete","table":"Switch","where":[false]},
                                           {"op":"delete","table":"Switch","where":[]}])",
                                  context);
  EXPECT_EQ(to_text(results.at(0)), R"({"count":0})");
  EXPECT_EQ(results.at(1).at("error"), "resources exhausted");
  EXPECT_EQ(lab.count("Switch"), 2U);
}

TEST(Execution, limits_what_selects_return) {
  Lab lab;
  results_of(lab, R"([{"op":"insert","table":"Switch","row":{}},{"op":"insert","table":"Switch","row":{}}])");
  ExecutionContext context;
  context.limits.values_returned = 3;
  const auto results = results_of(lab, R"([{"op":"select","table":"Switch","where":[],"columns":["_uuid"]}])", context);
  EXPECT_EQ(results.at(0).at("error"), "resources exhausted");
}

TEST(Execution, tells_what_is_wrong_and_where_in_open_vswitch_s_words) {
  Lab lab;
  EXPECT_EQ(details_of(lab, R"({"op":"insert","table":"Port","row":{"slot":"one"}})"), "expected integer");
  EXPECT_EQ(details_of(lab, R"({"op":"insert","table":"Port","row":{"colour":"red"}})"),
            "No column colour in table Port.");
  EXPECT_EQ(details_of(lab, R"({"op":"select","table":"Ports","where":[]})"),
            "Parsing ovsdb operation 1 of 1 failed: No table named Ports.");
  EXPECT_EQ(details_of(lab, R"({"op":"select","table":"Port","where":[["name","<","a"]]})"),
            "Type mismatch: \"<\" operator may not be applied to column name of type string.");
  EXPECT_EQ(details_of(lab, R"({"op":"select","table":"Port","where":[],"wher":[]})"),
            "Parsing ovsdb operation 1 of 1 failed: Member 'wher' is present but not allowed here.");
  EXPECT_EQ(details_of(lab, R"({"op":"conquer"})"), "Parsing ovsdb operation 1 of 1 failed: No operation \"conquer\"");
  const auto results = results_of(lab, R"([{"op":"insert","table":"Port","row":{"slot":"one"}}])");
  EXPECT_EQ(results.at(0).at("syntax"), "\"one\"");
}

TEST(Execution, quotes_no_more_of_a_bad_value_than_helps) {
  Lab lab;
  const auto operation = R"({"op":"insert","table":"Port","row":{"slot":")" + std::string(100'000, 'x') + R"("}})";
  EXPECT_LT(details_of(lab, operation).size(), 300U);
}

TEST(Execution, finds_rows_by_unique_index_as_the_transaction_sees_them) {
  Lab lab;
  const auto results = results_of(lab, R"([
      {"op":"insert","table":"Port","row":{"name":"a","slot":1},"uuid-name":"a"},
      {"op":"insert","table":"Switch","row":{"ports":["named-uuid","a"]}},
      {"op":"update","table":"Port","where":[["name","==","a"]],"row":{"name":"b"}},
      {"op":"select","table":"Port","where":[["name","==","a"]],"columns":["slot"]},
      {"op":"select","table":"Port","where":[["name","==","b"],["slot","==",1]],"columns":["slot"]}])");
  EXPECT_EQ(to_text(results.at(3)), R"({"rows":[]})");
  EXPECT_EQ(to_text(results.at(4)), R"({"rows":[{"slot":1}]})");
  ExecutionContext context;
  context.limits.rows_looked_at = 1;
  results_of(lab, R"([{"op":"insert","table":"Port","row":{"name":"c"},"uuid-name":"c"},
                      {"op":"mutate","table":"Switch","where":[],"mutations":[["ports","insert",["named-uuid","c"]]]}])");
  EXPECT_EQ(to_text(results_of(
                lab, R"([{"op":"select","table":"Port","where":[["name","==","c"]],"columns":["name"]}])", context)),
            R"([{"rows":[{"name":"c"}]}])")
      << "one row is looked at, not both";
}

}  // namespace
}  // namespace weft::ovsdb
