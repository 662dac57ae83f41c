#include "hosts/guest_command.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/unique_fd.hpp"

namespace weft::hosts {
namespace {

TEST(GuestAnswer, stands_between_its_marks) {
  const auto answer = find_answer("~ # printf begin- 7; ...\n\nbegin-7\nhello\nworld\n\nend-7-3\n~ # ", "7");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->out, "hello\nworld\n");
  EXPECT_EQ(answer->status, 3);
}

TEST(GuestAnswer, of_a_silent_command_is_empty) {
  const auto answer = find_answer("begin-7\n\nend-7-0\n", "7");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->out, "");
}

TEST(GuestAnswer, is_awaited_until_its_last_line_is_whole) {
  EXPECT_FALSE(find_answer("begin-7\nhello\nend-7-1", "7"));
  EXPECT_FALSE(find_answer("hello\nend-7-1\n", "7"));
  EXPECT_FALSE(find_answer("", "7"));
}

TEST(PlainText, is_without_control_sequences) {
  EXPECT_EQ(plain_text("\x1b[1;34mbin\x1b[m\r\n\x1b[6nx"), "bin\nx");
  EXPECT_EQ(plain_text("cut \x1b[3"), "cut ");
}

// Stands in for a hypervisor: a program on a terminal, whose words go to a file and whose keys come from a socket.
class FakeMachine : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(folder_.data()), nullptr); }
  void TearDown() override {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    std::filesystem::remove_all(folder_);
  }
  void start(const char* program) {
    int terminal = -1;
    child_ = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (child_ == 0) {
      ::execl("/bin/sh", "sh", "-c", program, nullptr);
      ::_exit(127);
    }
    terminal_.reset(terminal);
    log_file_.reset(::open(log().c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    struct sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(listener_.get(), reinterpret_cast<struct sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(listener_.get(), 1), 0);
    thread_ = std::thread([this] { serve(); });
  }
  void serve() {
    UniqueFd client;
    std::array<char, 4096> bytes{};
    while (!stop_) {
      std::array<struct pollfd, 2> wait{
          {{terminal_.get(), POLLIN, 0}, {client ? client.get() : listener_.get(), POLLIN, 0}}};
      ::poll(wait.data(), wait.size(), 20);
      if ((wait[0].revents & POLLIN) != 0) {
        const auto length = ::read(terminal_.get(), bytes.data(), bytes.size());
        if (length > 0) (void)!::write(log_file_.get(), bytes.data(), static_cast<std::size_t>(length));
      }
      if (wait[1].revents == 0) continue;
      if (!client) {
        client.reset(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        continue;
      }
      const auto length = ::read(client.get(), bytes.data(), 16);  // As little at once as a serial port takes.
      if (length > 0) (void)!::write(terminal_.get(), bytes.data(), static_cast<std::size_t>(length));
      if (length <= 0) client.reset();
    }
  }
  std::string socket() const { return folder_ + "/socket"; }
  std::string log() const { return folder_ + "/log"; }
  Result<Outcome> run(const std::string& command, const Login& login = {}) const {
    return run_in_guest(socket(), log(), login, command, std::chrono::seconds(60));
  }

 private:
  std::string folder_ = "/tmp/weft-guest-test.XXXXXX";
  pid_t child_ = -1;
  UniqueFd terminal_, log_file_, listener_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

TEST_F(FakeMachine, runs_commands_in_its_shell) {
  start("PS1='# ' sh -i");
  const auto said = run("echo 'it works' && echo badly >&2; exit 3");
  ASSERT_TRUE(said) << said.error().details;
  EXPECT_EQ(said->out, "it works\nbadly\n");
  EXPECT_EQ(said->status, 3);
}

TEST_F(FakeMachine, answers_two_who_ask_at_once) {
  start("PS1='# ' sh -i");
  std::string one, other;
  std::thread second([&] { other = run("sleep 0.1; echo other").value_or(Outcome{}).out; });
  one = run("sleep 0.1; echo one").value_or(Outcome{}).out;
  second.join();
  EXPECT_EQ(one, "one\n");
  EXPECT_EQ(other, "other\n");
}

constexpr const char* asks_for_login = R"(
  while :; do
    printf 'vm login: '; read -r name
    stty -echo; printf 'Password: '; read -r password; stty echo; echo
    [ "$name:$password" = cirros:gocubsgo ] && PS1='$ ' sh -i
    echo 'Login incorrect'
  done)";

TEST_F(FakeMachine, is_logged_in_to_where_it_asks_for_it) {
  start(asks_for_login);
  const auto said = run("echo inside", {"cirros", "gocubsgo"});
  ASSERT_TRUE(said) << said.error().details;
  EXPECT_EQ(said->out, "inside\n");
  const auto again = run("echo still inside", {"cirros", "gocubsgo"});
  ASSERT_TRUE(again) << again.error().details;
  EXPECT_EQ(again->out, "still inside\n");
}

TEST_F(FakeMachine, that_wants_another_login_is_an_error) {
  start(asks_for_login);
  const auto none = run("true");
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().details.find("give the machine `login`"), std::string::npos) << none.error().details;
  const auto wrong = run("true", {"cirros", "wrong"});
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().details, "the console refuses the login cirros");
}

TEST(Guest, without_a_console_is_an_error) {
  EXPECT_FALSE(run_in_guest("/nonexistent/socket", "/nonexistent/log", {}, "true", std::chrono::seconds(1)));
}

}  // namespace
}  // namespace weft::hosts
