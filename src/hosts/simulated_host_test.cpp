// Everything these tests start lives in a pid namespace of their own, so that nothing outlives them.
#include "hosts/simulated_host.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "hosts/child_process.hpp"
#include "hosts/shell.hpp"

namespace weft::hosts {
namespace {

using std::chrono::seconds;
constexpr seconds limit{60};
constexpr const char* scratch = "/mnt";  // A tmpfs of our own is mounted there.

class SimulatedHostTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, for namespaces";
    directory_ = std::filesystem::path(scratch) / testing::UnitTest::GetInstance()->current_test_info()->name();
  }
  SimulatedHost start(const std::string& name = "host1") const {
    auto host = SimulatedHost::start(directory_ + "/" + name, name, "/opt/programs");
    if (!host) ADD_FAILURE() << host.error().details;
    return std::move(*host);
  }
  std::string run(const SimulatedHost& host, const std::string& script) const {
    auto shell = Shell::open({.name = "host", .directory = host.directory()});
    if (!shell) ADD_FAILURE() << shell.error().details;
    if (!shell) return {};
    auto out = shell->require(script, limit);
    if (!out) ADD_FAILURE() << out.error().details;
    return out ? *out : "";
  }
  std::string directory_;
};

TEST_F(SimulatedHostTest, has_a_name_a_network_and_processes_of_its_own) {
  auto host = start();
  EXPECT_EQ(run(host, "hostname"), "host1\n");
  EXPECT_EQ(run(host, "ls /sys/class/net"), "lo\n");
  EXPECT_EQ(run(host, "cat /sys/class/net/lo/operstate; cat /proc/1/cmdline | tr '\\0' ' '"),
            "unknown\nweft lab-host-init " + host.directory() + " host1 /opt/programs ");
  EXPECT_EQ(run(host, "echo $PATH").substr(0, 28), "/opt/programs:/usr/local/sbi");
  EXPECT_EQ(run(host, "grep -c cgroup /proc/self/mountinfo || true"), "0\n");
  EXPECT_TRUE(host.stop());
}

TEST_F(SimulatedHostTest, finds_programs_in_its_own_path) {
  std::filesystem::create_directories(directory_ + "/programs");
  std::filesystem::create_symlink("/bin/sh", directory_ + "/programs/only-here");
  const auto host = SimulatedHost::start(directory_ + "/host1", "host1", directory_ + "/programs");
  ASSERT_TRUE(host) << host.error().details;
  EXPECT_TRUE(ChildProcess::start({"only-here", "-c", "true"}, &*host));
}

TEST_F(SimulatedHostTest, keeps_its_run_folder_from_the_machine_and_from_others) {
  auto one = start("one"), two = start("two");
  run(one, "ip netns add c1");
  EXPECT_EQ(run(two, "ls /run/netns"), "");
  EXPECT_FALSE(std::filesystem::exists("/run/netns/c1"));
  EXPECT_EQ(run(one, "ip netns exec c1 ls /sys/class/net"), "lo\n");
}

TEST_F(SimulatedHostTest, is_found_again_and_starts_once) {
  const auto host = start();
  const auto found = SimulatedHost::find(host.directory());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->pid(), host.pid());
  const auto second = SimulatedHost::start(host.directory(), "host1", "/opt/programs");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().tag, "runs already");
}

TEST_F(SimulatedHostTest, ends_with_all_that_runs_in_it) {
  auto host = start();
  const auto seen = run(host, "setsid sleep 300 >/dev/null 2>&1 & grep NSpid /proc/$!/status | cut -f 2");
  ASSERT_TRUE(host.stop());
  EXPECT_FALSE(SimulatedHost::find(host.directory()));
  EXPECT_TRUE(host.stop()) << "a second time";
  EXPECT_EQ(::kill(host.pid(), 0), -1);
  auto shell = Shell::open({.name = "host1", .directory = host.directory()});
  EXPECT_FALSE(shell);
  EXPECT_TRUE(SimulatedHost::start(host.directory(), "host1", "/opt/programs")) << "and starts again";
}

TEST_F(SimulatedHostTest, is_not_taken_for_one_whose_lock_is_left_behind) {
  std::filesystem::create_directories(directory_);
  std::ofstream(directory_ + "/init.lock");
  EXPECT_FALSE(SimulatedHost::find(directory_));
}

TEST_F(SimulatedHostTest, below_run_is_refused) {
  const auto host = SimulatedHost::start("/run/weft-simulated-host-test", "host1", "/opt/programs");
  std::filesystem::remove("/run/weft-simulated-host-test");
  ASSERT_FALSE(host);
  EXPECT_EQ(host.error().tag, "wrong place");
}

TEST_F(SimulatedHostTest, runs_what_people_talk_to_with_their_own_streams) {
  const auto host = start();
  const auto command = command_at({.name = "host1", .directory = host.directory()}, {"sh", "-c", "hostname; pwd"});
  ASSERT_TRUE(command);
  auto here = Shell::open({.name = "here"});
  ASSERT_TRUE(here);
  EXPECT_EQ(*here->require(quote(*command), limit), "host1\n" + host.directory() + "\n");
}

// However the maker is killed, its host is found by its directory or has ended.
TEST_F(SimulatedHostTest, of_a_maker_that_was_killed_is_found_or_gone) {
  for (int round = 0; round < 30; ++round) {
    const auto directory = directory_ + "/" + std::to_string(round);
    const auto maker = ::fork();
    if (maker == 0) {
      (void)SimulatedHost::start(directory, "host1", "/opt/programs");
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(round * 700));
    ::kill(maker, SIGKILL);
    ::waitpid(maker, nullptr, 0);
    if (auto host = SimulatedHost::find(directory)) {
      EXPECT_TRUE(host->stop());
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {  // Orphans come to us, as to the init that we are.
    }
  }
  auto here = Shell::open({.name = "here"});
  EXPECT_EQ(*here->require("for p in /proc/[0-9]*; do tr '\\0' ' ' <$p/cmdline; echo; done 2>/dev/null | grep -c "
                           "'^weft lab-ho[s]t-init .*" +
                               std::string("of_a_maker") + "' || true",
                           limit),
            "0\n");
}

int run_all_tests(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

// As the first process of a pid namespace: whoever the tests leave behind ends with us.
int run_confined(int argc, char** argv) {
  if (::unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) return run_all_tests(argc, argv);
  const auto child = ::fork();
  if (child != 0) {
    int status = 0;
    ::waitpid(child, &status, 0);
    // At once: a sanitizer's last look would want a process more, and the namespace for it has ended.
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  ::mount("proc", "/proc", "proc", 0, nullptr);
  ::mount("tmpfs", scratch, "tmpfs", 0, nullptr);
  return run_all_tests(argc, argv);
}

}  // namespace
}  // namespace weft::hosts

// A host's first process is this program once more.
int main(int argc, char** argv) {
  if (argc == 5 && std::string_view(argv[1]) == weft::hosts::init_word) {
    weft::hosts::run_host_init(argv[2], argv[3], argv[4]);
  }
  return ::geteuid() == 0 ? weft::hosts::run_confined(argc, argv) : weft::hosts::run_all_tests(argc, argv);
}
