#include "ovsdb/error_json.hpp"

namespace weft::ovsdb {
namespace {

TEST(ErrorJson, an_error_object_names_tag_details_and_syntax) {
  EXPECT_EQ(to_text(to_json(Error{"syntax error", "why"}, json::array{1})),
            R"({"details":"why","error":"syntax error","syntax":"[1]"})");
}

TEST(ErrorJson, details_do_not_grow_with_the_request) {
  const auto object = to_json(Error{"unknown column", std::string(100'000, 'x')});
  EXPECT_LT(object.at("details").as_string().size(), 2000U);
  EXPECT_TRUE(object.at("details").as_string().ends_with("x..."));
}

}  // namespace
}  // namespace weft::ovsdb
