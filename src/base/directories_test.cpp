#include "base/directories.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

TEST(Directories, are_those_of_the_environment_or_the_usual_ones) {
  for (const char* name : {"OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"}) ::unsetenv(name);
  EXPECT_EQ(run_directory(), "/var/run/openvswitch");
  EXPECT_EQ(database_directory(), "/etc/openvswitch");
  ::setenv("OVS_SYSCONFDIR", "/opt/etc", 1);
  EXPECT_EQ(database_directory(), "/opt/etc/openvswitch");
  ::setenv("OVS_DBDIR", "/db", 1);
  ::setenv("OVS_LOGDIR", "/log", 1);
  EXPECT_EQ(database_directory(), "/db");
  EXPECT_EQ(log_directory(), "/log");
  for (const char* name : {"OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"}) ::unsetenv(name);
}

TEST(Directories, hold_what_is_not_absolute) {
  EXPECT_EQ(resolve_in("/run/x", "a.pid"), "/run/x/a.pid");
  EXPECT_EQ(resolve_in("/run/x", "/a.pid"), "/a.pid");
  EXPECT_EQ(absolute_path("/a/../b"), "/b");
}

}  // namespace
}  // namespace weft
