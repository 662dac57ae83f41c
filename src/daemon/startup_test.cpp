#include "daemon/startup.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "daemon/monitor.hpp"

namespace weft::daemon {
namespace {

// The wait status of a program that begins as `options` say and then does `rest`.
template <class Rest>
int end_of(const DaemonOptions& options, Rest rest) {
  const auto program = ::fork();
  if (program == 0) {
    auto startup = Startup::begin(options);
    if (!startup) ::_exit(77);
    rest(*startup);
    ::_exit(99);  // In the background its status is nobody's.
  }
  int status = 0;
  EXPECT_EQ(::waitpid(program, &status, 0), program);
  return status;
}

const DaemonOptions detached{.detach = true};

TEST(Startup, is_over_for_the_caller_once_the_daemon_works) {
  EXPECT_EQ(end_of(detached, [](Startup& startup) { startup.complete(); }), 0);
}

TEST(Startup, that_fails_gives_its_status_to_the_caller) {
  EXPECT_EQ(WEXITSTATUS(end_of(detached, [](Startup&) { ::_exit(3); })), 3);
}

TEST(Startup, that_is_killed_is_told) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(WEXITSTATUS(end_of(detached, [](Startup&) { ::raise(SIGKILL); })), 1);
  EXPECT_TRUE(
      testing::internal::GetCapturedStderr().ends_with("fork child died before signaling startup (killed (Killed))\n"));
}

TEST(Startup, in_the_foreground_keeps_its_process_and_streams) {
  const auto status = end_of({}, [](Startup& startup) {
    startup.complete();
    ::_exit(::isatty(STDERR_FILENO) || ::fcntl(STDERR_FILENO, F_GETFL) >= 0 ? 5 : 6);
  });
  EXPECT_EQ(WEXITSTATUS(status), 5);
}

TEST(Startup, fails_when_its_pid_file_is_held) {
  const auto path = fmt::format("{}/startup_test.{}", testing::TempDir(), ::getpid());
  const auto held = PidFile::create(path);
  EXPECT_EQ(WEXITSTATUS(end_of({.pid_files = {path}}, [](Startup&) {})), 77);
}

TEST(Monitor, starts_a_daemon_again_that_crashed_and_ends_when_it_is_told_to_end) {
  const auto path = fmt::format("{}/monitor_test.{}", testing::TempDir(), ::getpid());
  testing::internal::CaptureStderr();
  const auto status = end_of({.monitor = true}, [&](Startup& startup) {
    startup.complete();
    const bool is_first = !std::filesystem::exists(path);
    std::ofstream(path, std::ios::app) << "started\n";
    ::signal(SIGSEGV, SIG_DFL);
    ::raise(is_first ? SIGSEGV : SIGTERM);
  });
  EXPECT_EQ(status, 0);
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(log.contains("daemon_unix(monitor)|ERR|1 crashes: pid ")) << log;
  EXPECT_TRUE(log.contains("died, killed (Segmentation fault)")) << log;
  EXPECT_TRUE(log.contains("died, killed (Terminated), exiting\n")) << log;
  EXPECT_EQ(std::filesystem::file_size(path), 2 * std::string_view("started\n").size());
  std::filesystem::remove(path);
}

TEST(Monitor, ends_like_a_daemon_that_never_worked) {
  EXPECT_EQ(WEXITSTATUS(end_of({.detach = true, .monitor = true}, [](Startup&) { ::_exit(4); })), 4);
}

TEST(Monitor, takes_only_mistakes_of_the_program_for_crashes) {
  EXPECT_TRUE(is_crash(SIGSEGV));
  EXPECT_TRUE(is_crash(SIGABRT));
  EXPECT_FALSE(is_crash(SIGTERM));
  EXPECT_FALSE(is_crash(SIGKILL));
  EXPECT_FALSE(is_crash(1 << 8));  // Exit status 1.
}

}  // namespace
}  // namespace weft::daemon
