#include "base/process_name.hpp"

#include <unistd.h>

namespace weft {
namespace {

TEST(ProcessName, names_a_process_that_lives_and_numbers_one_that_does_not) {
  EXPECT_EQ(describe_process(::getpid()), fmt::format("base_test (pid {})", ::getpid()));
  EXPECT_EQ(describe_process(0x7fffffff), "pid 2147483647");
}

}  // namespace
}  // namespace weft
