#include "unixctl/target.hpp"

#include <gtest/gtest.h>

namespace weft::unixctl {
namespace {

TEST(Target, with_an_absolute_path_is_a_socket) { EXPECT_EQ(find_socket("/run/x.ctl"), "/run/x.ctl"); }

TEST(Target, without_a_pid_file_is_told) {
  ::setenv("OVS_RUNDIR", "/no/such/directory", 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(find_socket("weftd").error().details,
            "cannot read pidfile \"/no/such/directory/weftd.pid\" (No such file or directory)");
  EXPECT_TRUE(testing::internal::GetCapturedStderr().contains("|daemon_unix|WARN|"));
  ::unsetenv("OVS_RUNDIR");
}

TEST(Target, by_name_is_where_a_daemon_of_that_name_listens) {
  EXPECT_EQ(default_socket("/run/x", "weftd", 7), "/run/x/weftd.7.ctl");
}

}  // namespace
}  // namespace weft::unixctl
