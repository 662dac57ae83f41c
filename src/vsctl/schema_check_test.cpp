#include "vsctl/schema_check.hpp"

#include <gtest/gtest.h>

#include "vsctl/test_schema.hpp"

namespace weft::vsctl {
namespace {

TEST(SchemaCheck, accepts_open_vswitchs_and_one_that_lacks_columns) {
  EXPECT_TRUE(check_schema(test_schema()));
  auto smaller = test_schema();
  std::erase_if(smaller.tables, [](const auto& table) { return table.name == "SSL"; });
  EXPECT_TRUE(check_schema(smaller));
}

TEST(SchemaCheck, refuses_a_column_whose_values_would_surprise_us) {
  auto odd = test_schema();
  auto& bridge = odd.tables[*odd.find("Bridge")];
  bridge.columns[*bridge.find("ports")].type.key.type = ovsdb::AtomType::string;
  const auto checked = check_schema(odd);
  ASSERT_FALSE(checked);
  EXPECT_TRUE(checked.error().details.contains("column ports of table Bridge")) << checked.error().details;

  auto optional_name = test_schema();
  auto& port = optional_name.tables[*optional_name.find("Port")];
  port.columns[*port.find("name")].type.min = 0;
  EXPECT_FALSE(check_schema(optional_name));
}

}  // namespace
}  // namespace weft::vsctl
