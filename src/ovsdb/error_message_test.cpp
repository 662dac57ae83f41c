#include "ovsdb/error_message.hpp"

#include <gtest/gtest.h>

namespace weft::ovsdb {
namespace {

TEST(ErrorMessage, begins_with_the_kind_in_open_vswitch_s_words) {
  EXPECT_EQ(message_of({"I/O error", "db: open failed"}), "I/O error: db: open failed");
  EXPECT_EQ(message_of({"a tag that is too long to stand in the string object itself", "db: x"}),
            "a tag that is too long to stand in the string object itself: db: x");
  EXPECT_EQ(message_of({"corrupt database", "db: x"}), "ovsdb error: db: x");
  EXPECT_EQ(message_of({"locked", "db: failed to lock lockfile"}), "I/O error: db: failed to lock lockfile");
}

TEST(ErrorMessage, of_a_file_s_error_only_has_a_kind) {
  EXPECT_EQ(file_message_of({"already exists", "db: create failed"}), "I/O error: db: create failed");
  EXPECT_EQ(file_message_of({"usage", "unknown command 'fly'"}), "unknown command 'fly'");
}

}  // namespace
}  // namespace weft::ovsdb
