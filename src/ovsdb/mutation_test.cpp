// What tests/conformance cannot show: large sets, and texts. The rest is recorded there.
#include "ovsdb/mutation.hpp"

#include <gtest/gtest.h>

#include "ovsdb/database_fixture.hpp"
#include "ovsdb/row_json.hpp"

namespace weft::ovsdb {
namespace {

using namespace fixture;

Datum mutated(const Lab& lab, std::string_view column, Datum before, std::string_view mutator, const Datum& by) {
  const auto& table = lab.database.schema().tables[lab.table("Switch")];
  auto columns = default_columns(table);
  auto& datum = columns[lab.column("Switch", column)];
  datum = std::move(before);
  ColumnType any_number = table.columns[lab.column("Switch", column)].type;
  any_number.max = unlimited;
  const json::array value{column, mutator, any_number.datum_to_json(by)};
  const auto mutation = Mutation::from_json(table, value).value();
  EXPECT_TRUE(mutation.apply(table, columns));
  return datum;
}

TEST(Mutation, of_a_large_set_inserts_and_deletes_anywhere) {
  Lab lab;
  std::vector<Uuid> all(1000);
  for (auto& uuid : all) uuid = Uuid::random();
  const std::vector<Uuid> half(all.begin(), all.begin() + 500), other(all.begin() + 400, all.end());
  const std::vector<Uuid> first(all.begin(), all.begin() + 400);
  EXPECT_EQ(mutated(lab, "ports", references(half), "insert", references(other)), references(all));
  EXPECT_EQ(mutated(lab, "ports", references(all), "delete", references(other)), references(first));
  EXPECT_EQ(mutated(lab, "ports", references(half), "delete", references(all)), Datum());
  EXPECT_EQ(mutated(lab, "ports", Datum(), "insert", references(half)), references(half));
}

TEST(Mutation, that_cannot_be_says_why) {
  Lab lab;
  const auto& table = lab.database.schema().tables[lab.table("Switch")];
  const auto error = [&](std::string_view text) {
    const auto mutation = Mutation::from_json(table, parse_json(text).value());
    return mutation ? "no error" : mutation.error().details;
  };
  EXPECT_EQ(error(R"(["name","+=",1])"),
            "Type mismatch: \"+=\" operator may not be applied to column name of type string.");
  EXPECT_EQ(error(R"(["name","insert","x"])"),
            "Type mismatch: \"insert\" operator may not be applied to column name of type string.");
  EXPECT_EQ(error(R"(["_uuid","insert","x"])"), "Cannot mutate immutable column _uuid in table Switch.");
  EXPECT_EQ(error(R"(["ports"])"), "Parse error in mutation.");
}

}  // namespace
}  // namespace weft::ovsdb
