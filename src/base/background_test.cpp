#include "base/background.hpp"

#include <sys/wait.h>

namespace weft {
namespace {

// The exit status of a program that calls Background::enter() and then `rest`.
template <class Rest>
int status_of(Rest rest) {
  const auto program = ::fork();
  if (program == 0) {
    auto background = Background::enter("program");
    if (background) rest(*background);
    ::_exit(99);  // The child's status is nobody's.
  }
  int status = 0;
  EXPECT_EQ(::waitpid(program, &status, 0), program);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Background, is_a_success_once_ready) {
  EXPECT_EQ(status_of([](Background& background) { (void)background.ready(); }), 0);
}

TEST(Background, tells_the_reason_of_a_failure) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(status_of([](Background& background) { background.failed({"in use", "process 7 holds it"}); }), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "program: process 7 holds it\n");
}

TEST(Background, is_a_failure_if_it_ends_without_a_word) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(status_of([](Background&) {}), 1);
  EXPECT_TRUE(testing::internal::GetCapturedStderr().contains("ended while it was starting"));
}

}  // namespace
}  // namespace weft
