#include "ovsdb/database_place.hpp"

namespace weft::ovsdb {
namespace {

TEST(DatabasePlace, is_found_or_what_of_it_lacks_is_told) {
  Database database(*DatabaseSchema::from_json(
                        *parse_json(R"({"name": "d", "tables": {"t": {"columns": {"a": {"type": "string"}}}}})")),
                    nullptr);
  Service service;
  service.add_database(database);
  const auto found = DatabasePlace::find(service, "db:d,t,a");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->database, &database);
  EXPECT_EQ(found->column, first_own_column);
  for (const auto& [text, told] : {std::pair("db:d", R"("db:d": invalid syntax)"),
                                   {"db:d,t,", R"("db:d,t,": invalid syntax)"},
                                   {"db:x,t,a", R"("db:x,t,a": no database named x)"},
                                   {"db:d,x,a", R"("db:d,x,a": no table named x)"},
                                   {"db:d,t,x", R"("db:d,t,x": table "t" has no column "x")"}}) {
    const auto refused = DatabasePlace::find(service, text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().details, told);
  }
}

}  // namespace
}  // namespace weft::ovsdb
