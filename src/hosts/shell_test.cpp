#include "hosts/shell.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace weft::hosts {
namespace {

using std::chrono::seconds;
constexpr seconds limit{60};

class LocalShell : public testing::Test {
 protected:
  static Shell open(const std::string& lock = {}) {
    auto shell = Shell::open({.name = "here", .lock = lock});
    if (!shell) ADD_FAILURE() << shell.error().details;
    return std::move(*shell);
  }
  static Outcome run(Shell& shell, const std::string& script) {
    auto outcome = shell.run(script, limit);
    if (!outcome) ADD_FAILURE() << outcome.error().details;
    return outcome ? *outcome : Outcome{.status = -1};
  }
};

TEST_F(LocalShell, tells_the_two_streams_and_the_status_apart) {
  auto shell = open();
  const auto outcome = run(shell, "echo said; echo complained >&2; exit 7");
  EXPECT_EQ(outcome.status, 7);
  EXPECT_EQ(outcome.out, "said\n");
  EXPECT_EQ(outcome.err, "complained\n");
}

TEST_F(LocalShell, stays_open_and_keeps_nothing_of_a_script) {
  auto shell = open();
  EXPECT_EQ(run(shell, "cd /; left=behind; set -e; false").status, 1);
  EXPECT_EQ(run(shell, "printf '%s' \"$left\"; [ \"$(pwd)\" = / ] && echo moved").out, "");
}

TEST_F(LocalShell, takes_any_text_as_a_script) {
  auto shell = open();
  EXPECT_EQ(run(shell, "cat <<'END'\nit's \"$HOME\" \\ `x`\nEND\n").out, "it's \"$HOME\" \\ `x`\n");
  EXPECT_EQ(run(shell, "if then").status, 2);
  EXPECT_EQ(run(shell, "# nothing").status, 0);
  EXPECT_EQ(run(shell, "cat").out, "");
}

TEST_F(LocalShell, takes_scripts_longer_than_an_argument_or_a_pipe) {
  auto shell = open();
  std::string script;
  for (int i = 0; i < 20'000; ++i) script += "echo 0123456789\n";
  EXPECT_EQ(run(shell, script).out.size(), 20'000U * 11);
}

TEST_F(LocalShell, cuts_off_what_is_too_much) {
  auto shell = open();
  const auto outcome = run(shell, "head -c 20000000 /dev/zero | tr '\\0' x");
  EXPECT_EQ(outcome.status, 0);
  EXPECT_LT(outcome.out.size(), script_output_bytes_max + 100);
  EXPECT_TRUE(outcome.out.ends_with("were cut off here]\n"));
}

TEST_F(LocalShell, does_not_wait_for_what_a_script_leaves_running) {
  auto shell = open();
  const auto outcome = run(shell, "sleep 300 & echo $!");
  EXPECT_EQ(outcome.status, 0);
  ::kill(std::atoi(outcome.out.c_str()), SIGKILL);
}

TEST_F(LocalShell, ends_a_script_with_its_children_after_the_limit) {
  auto shell = open();
  const auto group = std::atoi(run(shell, "cut -d ' ' -f 5 /proc/self/stat").out.c_str());
  const auto late = shell.run("sleep 300 & sleep 300", seconds(1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().tag, "time limit");
  // The children are others' to reap, so they may still be seen a moment as ended.
  for (int tries = 0; tries < 500 && ::kill(-group, 0) == 0; ++tries) {
    const auto states =
        run(*std::make_unique<Shell>(open()), "cut -d ' ' -f 3,5 /proc/[0-9]*/stat 2>/dev/null; true").out;
    if (states.find("S " + std::to_string(group) + "\n") == std::string::npos) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const auto again = shell.run("true", limit);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().tag, "connection lost");
}

TEST_F(LocalShell, that_was_killed_is_an_error_and_no_signal) {
  auto shell = open();
  const auto lost = shell.run("kill -9 $$", limit);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().tag, "connection lost");
}

TEST_F(LocalShell, tells_the_last_line_of_a_script_that_failed) {
  auto shell = open();
  const auto failed = shell.require("echo first >&2; echo 'no such device' >&2; exit 1", limit);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().details, "here: no such device");
  const auto silent = shell.require("exit 3", limit);
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().details, "here: exit status 3");
}

class LockedShell : public LocalShell {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(folder_.data()), nullptr); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string folder_ = "/tmp/weft-shell-test.XXXXXX";
};

TEST_F(LockedShell, waits_for_another_with_the_same_lock) {
  const auto lock = folder_ + "/lock";
  std::atomic<bool> first_is_done = false;
  auto first = std::make_unique<Shell>(open(lock));
  std::thread second([&] {
    const auto shell = open(lock);
    EXPECT_TRUE(first_is_done);
  });
  run(*first, "sleep 0.2");
  first_is_done = true;
  first.reset();
  second.join();
}

TEST_F(LockedShell, waits_for_the_script_of_one_that_was_killed) {
  const auto lock = folder_ + "/lock";
  const auto killed = ::fork();
  if (killed == 0) {
    auto shell = open(lock);
    (void)shell.run("touch " + folder_ + "/begun; sleep 0.3; touch " + folder_ + "/done", limit);
    ::_exit(0);
  }
  while (!std::filesystem::exists(folder_ + "/begun")) ::usleep(1000);
  ::kill(killed, SIGKILL);
  ::waitpid(killed, nullptr, 0);
  const auto shell = open(lock);
  EXPECT_TRUE(std::filesystem::exists(folder_ + "/done"));
}

TEST_F(LockedShell, takes_its_file_away) {
  const auto lock = folder_ + "/lock";
  {
    const auto shell = open(lock);
    EXPECT_TRUE(std::filesystem::exists(lock));
  }
  EXPECT_FALSE(std::filesystem::exists(lock));
}

TEST(Shell, on_a_host_that_does_not_run_is_an_error) {
  const auto shell = Shell::open({.name = "host1", .directory = "/nonexistent/host1"});
  ASSERT_FALSE(shell);
  EXPECT_EQ(shell.error().tag, "not running");
}

TEST(Shell, tells_what_ssh_said_and_what_to_do) {
  ::setenv("WEFT_SSH", "sh -c 'echo \"u@h: Permission denied (publickey).\" >&2; exit 255'", 1);
  const auto shell = Shell::open({.name = "host1", .ssh = "u@h"});
  ::unsetenv("WEFT_SSH");
  ASSERT_FALSE(shell);
  EXPECT_EQ(shell.error().details,
            "host1 (ssh u@h): u@h: Permission denied (publickey).: no password is asked for: let your key in with "
            "`ssh-copy-id u@h`");
}

}  // namespace
}  // namespace weft::hosts
