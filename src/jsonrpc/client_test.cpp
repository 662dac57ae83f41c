#include "jsonrpc/client.hpp"

#include <sys/socket.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "stream/unix_address.hpp"

namespace weft::jsonrpc {
namespace {

Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(10); }
Deadline at_once() { return std::chrono::steady_clock::now(); }

// A server that answers with fixed bytes, whatever it is asked, and keeps what it was sent.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::string answer, std::string subdirectory = "") {
    char directory[] = "/tmp/weft-client-test-XXXXXX";
    directory_ = ::mkdtemp(directory);
    path_ = directory_ / subdirectory / "db.sock";
    std::filesystem::create_directories(path_.parent_path());
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM, 0));
    const auto address = stream::UnixAddress::make(path_);
    EXPECT_TRUE(address);
    EXPECT_EQ(::bind(listener_.get(), address->get(), address->size()), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    thread_ = std::thread([this, answer] {
      const UniqueFd peer(::accept(listener_.get(), nullptr, nullptr));
      char buffer[4096];
      const auto size = ::recv(peer.get(), buffer, sizeof buffer, 0);
      EXPECT_EQ(::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL), static_cast<ssize_t>(answer.size()));
      received_.assign(buffer, static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
      ::shutdown(peer.get(), SHUT_WR);
      ssize_t more = 0;
      while ((more = ::recv(peer.get(), buffer, sizeof buffer, 0)) > 0)
        received_.append(buffer, static_cast<std::size_t>(more));
    });
  }
  ~ScriptedServer() {
    finish();
    std::filesystem::remove_all(directory_);
  }
  std::string remote() const { return "unix:" + path_.string(); }
  // Call when the client is gone.
  const std::string& finish() {
    if (thread_.joinable()) thread_.join();
    return received_;
  }

 private:
  std::filesystem::path directory_;
  std::filesystem::path path_;
  UniqueFd listener_;
  std::string received_;
  std::thread thread_;
};

TEST(Client, returns_the_result_of_a_call) {
  ScriptedServer server(R"({"id":1,"result":["Open_vSwitch"],"error":null})");
  {
    auto client = Client::connect(server.remote(), soon());
    ASSERT_TRUE(client);
    const auto result = client->call("list_dbs", {}, soon());
    ASSERT_TRUE(result) << result.error().details;
    EXPECT_EQ(to_text(*result), R"(["Open_vSwitch"])");
  }
  EXPECT_EQ(server.finish(), R"({"id":1,"method":"list_dbs","params":[]})");
}

TEST(Client, reaches_a_socket_whose_path_is_longer_than_an_address) {
  ScriptedServer server(R"({"id":1,"result":[],"error":null})", std::string(120, 'd'));
  auto client = Client::connect(server.remote(), soon());
  ASSERT_TRUE(client) << client.error().details;
  EXPECT_TRUE(client->call("echo", {}, soon()));
}

TEST(Client, tags_an_error_with_the_database_s_own_word) {
  ScriptedServer server(
      R"({"id":1,"error":{"error":"unknown database","details":"no X"}}{"id":2,"error":"unknown method"})");
  auto client = Client::connect(server.remote(), soon());
  ASSERT_TRUE(client);
  EXPECT_EQ(client->call("get_schema", {"X"}, soon()).error(), (Error{"unknown database", "no X"}));
  EXPECT_EQ(client->call("nonsense", {}, soon()).error(), (Error{"unknown method", ""}));
}

TEST(Client, answers_the_server_s_echo_while_it_waits) {
  ScriptedServer server(R"({"id":"probe","method":"echo","params":[7]}{"id":1,"result":{},"error":null})");
  {
    auto client = Client::connect(server.remote(), soon());
    ASSERT_TRUE(client);
    EXPECT_TRUE(client->call("list_dbs", {}, soon()));
  }
  EXPECT_NE(server.finish().find(R"({"error":null,"id":"probe","result":[7]})"), std::string::npos);
}

TEST(Client, keeps_notifications_that_precede_a_reply_in_their_order) {
  ScriptedServer server(
      R"({"id":null,"method":"update","params":[1]}{"id":null,"method":"update","params":[2]}{"id":1,"result":1})");
  auto client = Client::connect(server.remote(), soon());
  ASSERT_TRUE(client);
  ASSERT_TRUE(client->call("transact", {}, soon()));
  EXPECT_EQ(to_text(client->next_notification(soon())->at("params")), "[1]");
  EXPECT_EQ(to_text(client->next_notification(soon())->at("params")), "[2]");
}

TEST(Client, says_that_the_server_closed_the_connection) {
  ScriptedServer server("");
  auto client = Client::connect(server.remote(), soon());
  ASSERT_TRUE(client);
  EXPECT_EQ(client->call("list_dbs", {}, soon()).error().tag, "connection lost");
}

TEST(Client, calls_nonsense_from_the_server_a_protocol_error) {
  for (const auto* answer : {"nonsense", R"({"id":1,"result":1,"error":2})", "{}"}) {
    ScriptedServer server(answer);
    auto client = Client::connect(server.remote(), soon());
    ASSERT_TRUE(client);
    EXPECT_EQ(client->call("list_dbs", {}, soon()).error().tag, "protocol error") << answer;
  }
}

TEST(Client, refuses_more_notifications_than_it_will_keep) {
  std::string flood;
  for (std::size_t i = 0; i <= max_queued_notifications; ++i) flood += R"({"id":null,"method":"u","params":[]})";
  ScriptedServer server(flood);
  auto client = Client::connect(server.remote(), soon());
  ASSERT_TRUE(client);
  EXPECT_EQ(client->call("list_dbs", {}, soon()).error().tag, "protocol error");
}

TEST(Client, gives_up_at_its_deadline) {
  const UniqueFd listener(::socket(AF_UNIX, SOCK_STREAM, 0));
  char directory[] = "/tmp/weft-client-test-XXXXXX";
  const auto path = std::string(::mkdtemp(directory)) + "/db.sock";
  const auto address = stream::UnixAddress::make(path);
  ASSERT_EQ(::bind(listener.get(), address->get(), address->size()), 0);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  auto silent = Client::connect("unix:" + path, soon());
  ASSERT_TRUE(silent);
  EXPECT_EQ(silent->call("list_dbs", {}, at_once()).error().tag, "timed out");
  EXPECT_EQ(Client::connect("unix:" + path, at_once()).error().tag, "timed out") << "its queue of connections is full";
  std::filesystem::remove_all(directory);
}

TEST(Client, names_the_remote_and_the_reason_when_there_is_no_server) {
  const auto result = Client::connect("unix:/nonexistent/db.sock", soon());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error(), (Error{"connection failed", "unix:/nonexistent/db.sock: No such file or directory"}));
}

TEST(Client, refuses_addresses_it_does_not_understand) {
  for (const auto* remote : {"", "db.sock", "tcp:", "tcp:[::1", "tcp:[::1]6640", "unix:"})
    EXPECT_EQ(Client::connect(remote, soon()).error().tag, "invalid address") << remote;
}

}  // namespace
}  // namespace weft::jsonrpc
