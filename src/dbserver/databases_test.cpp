#include "dbserver/databases.hpp"

namespace weft::dbserver {
namespace {

TEST(MessageOf, an_error_begins_with_its_kind_in_open_vswitch_s_words) {
  EXPECT_EQ(message_of({"I/O error", "db: open failed"}), "I/O error: db: open failed");
  EXPECT_EQ(message_of({"a tag that is too long to stand in the string object itself", "db: x"}),
            "a tag that is too long to stand in the string object itself: db: x");
  EXPECT_EQ(message_of({"corrupt database", "db: x"}), "ovsdb error: db: x");
  EXPECT_EQ(message_of({"locked", "db: failed to lock lockfile"}), "I/O error: db: failed to lock lockfile");
}

}  // namespace
}  // namespace weft::dbserver
