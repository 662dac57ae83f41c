#include "ovsdb/error_json.hpp"

namespace weft::ovsdb {
namespace {

TEST(ErrorJson, an_error_object_names_tag_details_and_syntax) {
  EXPECT_EQ(to_text(to_json(Error{"syntax error", "why"}, json::array{1})),
            R"({"details":"why","error":"syntax error","syntax":"[1]"})");
}

}  // namespace
}  // namespace weft::ovsdb
