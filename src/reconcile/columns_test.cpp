#include "reconcile/columns.hpp"

#include "schema/vswitch.hpp"

namespace weft::reconcile {
namespace {

json::value own_text() { return *parse_json(vswitch_schema()); }
json::object& table(json::value& schema, std::string_view name) { return schema.at("tables").at(name).as_object(); }
Result<Columns> resolve(const json::value& text) {
  const auto schema = ovsdb::DatabaseSchema::from_json(text);
  EXPECT_TRUE(schema);
  return Columns::resolve(*schema, *ovsdb::DatabaseSchema::from_json(own_text()));
}

TEST(Columns, of_a_schema_that_has_more_than_we_know_are_found) {
  auto text = own_text();
  table(text, "Bridge")["columns"].as_object()["a_new_one"] = {{"type", "string"}};
  table(text, "Interface")["columns"].as_object().erase("lacp_current");
  text.at("tables").as_object().erase("IPFIX");
  table(text, "Bridge")["columns"].as_object().erase("ipfix");
  text.at("tables").as_object().erase("Flow_Sample_Collector_Set");
  EXPECT_TRUE(resolve(text));
}

TEST(Columns, of_a_schema_that_lacks_what_we_need_are_refused_by_name) {
  auto text = own_text();
  table(text, "Interface")["columns"].as_object().erase("ofport");
  const auto refused = resolve(text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().tag, "unsuitable schema");
  EXPECT_NE(refused.error().details.find("table Interface has no column ofport"), std::string::npos)
      << refused.error().details;
}

TEST(Columns, of_another_type_than_we_know_are_refused) {
  auto text = own_text();
  table(text, "Port")["columns"].as_object()["tag"] = {{"type", "string"}};
  const auto refused = resolve(text);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().details.find(R"(column tag of table Port has the type "string")"), std::string::npos)
      << refused.error().details;
}

}  // namespace
}  // namespace weft::reconcile
