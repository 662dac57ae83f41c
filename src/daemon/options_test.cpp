#include "daemon/options.hpp"

#include <gtest/gtest.h>

#include "base/program_options.hpp"

namespace weft::daemon {
namespace {

DaemonOptions read(std::vector<std::string> arguments) {
  DaemonOptions options;
  const auto rest = read_options(arguments, daemon_options(), "", OptionsEnd::last_argument,
                                 [&](int id, const char* argument) -> Result<> {
                                   EXPECT_TRUE(apply_daemon_option(id, argument, "/run/here", options));
                                   return {};
                                 });
  EXPECT_TRUE(rest);
  return options;
}

TEST(DaemonOptions, may_be_abbreviated) {
  const auto options = read({"--det", "--mon", "--no-ch", "--over"});
  EXPECT_TRUE(options.detach && options.monitor && options.overwrite_pid_file);
  EXPECT_FALSE(options.chdir);
}

TEST(DaemonOptions, put_the_pid_file_in_the_run_directory) {
  EXPECT_EQ(read({"--pidfile"}).pid_files, std::vector<std::string>{"/run/here/daemon_test.pid"});
  EXPECT_EQ(read({"--pidfile=a.pid"}).pid_files, std::vector<std::string>{"/run/here/a.pid"});
  EXPECT_EQ(read({"--pidfile=/a.pid"}).pid_files, std::vector<std::string>{"/a.pid"});
  EXPECT_TRUE(read({}).pid_files.empty());
}

TEST(DaemonOptions, accept_what_has_no_meaning_here) { EXPECT_FALSE(read({"--no-self-confinement"}).detach); }

}  // namespace
}  // namespace weft::daemon
