#include "base/syslog.hpp"

#include <gtest/gtest.h>
#include <sys/un.h>
#include <syslog.h>

#include <array>
#include <filesystem>

namespace weft {
namespace {

// A server of datagrams on a socket of our own.
class Syslog : public testing::Test {
 protected:
  Syslog() : server_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    std::filesystem::remove(path_);
    EXPECT_EQ(::bind(server_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~Syslog() override { std::filesystem::remove(path_); }

  std::string receive() {
    std::array<char, 512> buffer{};
    const auto length = ::recv(server_.get(), buffer.data(), buffer.size(), 0);
    return length < 0 ? "nothing" : std::string(buffer.data(), static_cast<std::size_t>(length));
  }

  const std::string path_ =
      (std::filesystem::temp_directory_path() / fmt::format("weft-syslog-{}", ::getpid())).string();
  UniqueFd server_;
};

TEST_F(Syslog, gets_each_line_in_a_datagram_with_its_priority) {
  const auto sender = SyslogSender::from_method("unix:" + path_);
  ASSERT_TRUE(sender);
  (*sender)->send(LOG_DAEMON | LOG_WARNING, "one\ntwo");
  EXPECT_EQ(receive(), "<28>one");
  EXPECT_EQ(receive(), "<28>two");
  EXPECT_EQ(receive(), "nothing");
}

TEST_F(Syslog, may_be_absent) {
  const auto sender = SyslogSender::from_method("unix:" + path_ + ".nobody");
  ASSERT_TRUE(sender);
  (*sender)->send(LOG_DAEMON, "lost");
}

TEST(SyslogTarget, says_what_is_wrong_with_an_address) {
  testing::internal::CaptureStderr();
  (void)SyslogSender::to_host("127.0.0.1");
  (void)SyslogSender::to_host("127.0.0.1:x");
  const auto told = testing::internal::GetCapturedStderr();
  EXPECT_TRUE(told.contains("|socket_util|ERR|127.0.0.1: port must be specified"));
  EXPECT_TRUE(told.contains("|socket_util|ERR|127.0.0.1:x: bad port number \"x\""));
}

}  // namespace
}  // namespace weft
