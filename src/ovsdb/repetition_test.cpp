#include "ovsdb/execution.hpp"

namespace weft::ovsdb {
namespace {

class Repetition : public testing::Test {
 protected:
  // What is told of the last of the operations' results; UUIDs as they are.
  std::string told(std::string_view operations) {
    const auto values = parse_json(operations).value();
    const auto outcome = execute(database, values.get_array());
    const auto& last = std::get<json::array>(outcome).back().get_object();
    const auto* details = last.if_contains("details");
    return details ? std::string(details->get_string()) : "nothing";
  }

  Database database{DatabaseSchema::from_json(parse_json(R"({"name":"D","tables":{"T":{
      "columns":{"n":{"type":"integer"},"s":{"type":"string"},"x":{"type":"integer"}},
      "indexes":[["n"],["s","x","n"]]}}})")
                                                  .value())
                        .value(),
                    nullptr};
  static constexpr char a[] = "550e8400-e29b-41d4-a716-44665544000a";
  static constexpr char b[] = "550e8400-e29b-41d4-a716-44665544000b";
  std::string row(const char* uuid, int n, const char* s) {
    return fmt::format(R"({{"op":"insert","table":"T","uuid":"{}","row":{{"n":{},"s":"{}"}}}})", uuid, n, s);
  }
};

std::string repeated(int value, std::string_view first, std::string_view second) {
  return fmt::format(
      R"(Transaction causes multiple rows in "T" table to have identical values ({}) for index on column "n".  )"
      "First row, with UUID {}.  Second row, with UUID {}.",
      value, first, second);
}

TEST_F(Repetition, tells_where_each_row_comes_from_the_later_one_in_order_first) {
  const auto from = [](const char* uuid, std::string_view history) { return fmt::format("{}, {}", uuid, history); };
  const auto inserted = from(b, "was inserted by this transaction");
  EXPECT_EQ(told(fmt::format("[{},{}]", row(a, 1, "x"), row(b, 1, "y"))),
            repeated(1, inserted, from(a, "was inserted by this transaction")));
  EXPECT_EQ(told(fmt::format("[{}]", row(a, 1, "x"))), "nothing");
  EXPECT_EQ(told(fmt::format("[{}]", row(b, 1, "y"))),
            repeated(1, inserted,
                     from(a,
                          "existed in the database before this transaction and was not modified by the "
                          "transaction")));
  EXPECT_EQ(told(fmt::format(R"([{{"op":"update","table":"T","where":[],"row":{{"x":3}}}},{}])", row(b, 1, "y"))),
            repeated(1, inserted,
                     from(a,
                          "existed in the database before this transaction, which modified some of the row's "
                          "columns but not any columns in this index")));
  EXPECT_EQ(
      told(fmt::format(R"([{},{{"op":"update","table":"T","where":[["n","==",1]],"row":{{"n":2}}}}])", row(b, 2, "y"))),
      repeated(2, inserted, from(a, "had the following index values before the transaction: 1")));
}

}  // namespace
}  // namespace weft::ovsdb
