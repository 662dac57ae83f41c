#include "jsonrpc/connection.hpp"

#include <sys/socket.h>

#include <boost/asio/post.hpp>

#include "stream/test_pki.hpp"

namespace weft::jsonrpc {
namespace {

// A connection over a socket whose other end is the test's. The loop runs in the test's thread, until there is nothing
// more to wait for: a connection that nobody ends would keep it for ever.
class ConnectionTest : public testing::Test {
 protected:
  ConnectionTest() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    ours_.reset(fds[0]);
    peer_.reset(fds[1]);
  }
  void run(stream::Stream stream) {
    connection_ = std::make_shared<Connection>(
        loop_, std::move(stream), limits_,
        Connection::Events{.on_open = [this] { is_open_ = true; },
                           .on_message = [this](json::value message) { return on_message_(std::move(message)); },
                           .on_end = [this](const std::string& reason) { reason_ = reason; }});
    connection_->start();
    loop_.run();
  }
  void say(std::string_view text) {
    EXPECT_EQ(::send(peer_.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  std::string heard() {
    char buffer[4096];
    const auto size = ::recv(peer_.get(), buffer, sizeof buffer, 0);
    return {buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

  boost::asio::io_context loop_;
  ConnectionLimits limits_;
  UniqueFd ours_, peer_;
  std::shared_ptr<Connection> connection_;
  std::function<Result<>(json::value)> on_message_ = [](const json::value&) { return Result<>(); };
  bool is_open_ = false;
  std::string reason_;
};

TEST_F(ConnectionTest, hands_messages_over_and_tells_the_end) {
  std::vector<std::string> messages;
  on_message_ = [&](const json::value& message) -> Result<> {
    messages.push_back(to_text(message));
    return {};
  };
  say(R"({"a":1} {"b":2})");
  ::shutdown(peer_.get(), SHUT_WR);
  run(stream::Stream(std::move(ours_), "peer"));
  EXPECT_TRUE(is_open_);
  EXPECT_EQ(messages, (std::vector<std::string>{R"({"a":1})", R"({"b":2})"}));
  EXPECT_EQ(reason_, "End of file");
}

TEST_F(ConnectionTest, asks_a_silent_peer_whether_it_is_there_and_drops_it) {
  limits_.probe_interval = std::chrono::milliseconds(10);
  run(stream::Stream(std::move(ours_), "peer"));
  EXPECT_EQ(heard(), R"({"id":"echo","method":"echo","params":[]})");
  EXPECT_EQ(reason_, "no response to inactivity probe");
}

TEST_F(ConnectionTest, drops_a_peer_that_does_not_finish_its_handshake) {
  stream::TestPki pki;
  pki.make_ca("ca");
  pki.make("server", "ca");
  stream::Tls tls(
      {.private_key = pki.key("server"), .certificate = pki.certificate("server"), .ca_cert = pki.certificate("ca")});
  auto stream = stream::Stream::with_tls(std::move(ours_), "peer", tls, stream::TlsSide::server);
  ASSERT_TRUE(stream) << stream.error().details;
  say(std::string_view("\x16\x03\x01\x02\x00\x01", 6));  // A hello of 512 bytes begins.
  limits_.handshake_time = std::chrono::milliseconds(10);
  run(*std::move(stream));
  EXPECT_FALSE(is_open_);
  EXPECT_EQ(reason_, "it was not connected within 10 ms");
}

TEST_F(ConnectionTest, drops_a_peer_whose_message_is_refused) {
  on_message_ = [](const json::value&) -> Result<> { return fail("protocol error", "nonsense"); };
  say("{}{}");
  run(stream::Stream(std::move(ours_), "peer"));
  EXPECT_EQ(reason_, "nonsense");
}

TEST_F(ConnectionTest, says_nothing_of_its_end_when_its_owner_has_closed_it) {
  reason_ = "none";
  boost::asio::post(loop_, [this] { connection_->close(); });
  run(stream::Stream(std::move(ours_), "peer"));
  EXPECT_EQ(reason_, "none");
}

}  // namespace
}  // namespace weft::jsonrpc
