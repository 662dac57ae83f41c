#include "base/system_error.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(SystemError, tells_what_failed_and_why) {
  const Error error = fail_with_errno("cannot open /dev/x", EMFILE).error();
  EXPECT_EQ(error.details, "cannot open /dev/x: Too many open files");
  EXPECT_EQ(error.tag, "system");
}

TEST(SystemError, has_a_tag_for_what_callers_tell_apart) {
  EXPECT_EQ(tag_of_errno(ENXIO), no_such_device);
  EXPECT_EQ(tag_of_errno(EACCES), no_permission);
  EXPECT_EQ(tag_of_errno(ENOENT), no_such_entry);
  EXPECT_EQ(tag_of_errno(EADDRINUSE), address_in_use);
}

}  // namespace
}  // namespace weft
