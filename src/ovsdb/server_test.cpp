#include "ovsdb/server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <thread>

#include "jsonrpc/client.hpp"
#include "ovsdb/session_fixture.hpp"

namespace weft::ovsdb {
namespace {

using jsonrpc::Client;
using jsonrpc::max_reply_bytes;
using jsonrpc::MessageReader;
using stream::Deadline;

Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(20); }

// A server that runs in a thread of its own; all that touches it from outside goes through its loop or its socket.
class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    char name[] = "/tmp/weft-server-test-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~ServerTest() override {
    stop();
    std::filesystem::remove_all(directory_);
  }
  void start(ServerLimits limits = {}) {
    server_ = std::make_unique<Server>(loop_, limits);
    server_->add_database(database_);
    const auto listening = server_->listen_unix(path());
    ASSERT_TRUE(listening) << listening.error().details;
    thread_ = std::thread([this] { loop_.run(); });
  }
  // Returns when nothing of the server is left in the loop.
  void stop() {
    if (!thread_.joinable()) return;
    post([this] { server_->stop(); });
    thread_.join();
  }
  void post(std::function<void()> action) { boost::asio::post(loop_, std::move(action)); }

  std::string path() const { return directory_ / "run" / "db.sock"; }
  std::string remote() const { return "unix:" + path(); }
  Client connect() {
    auto client = Client::connect(remote(), soon());
    EXPECT_TRUE(client);
    return std::move(*client);
  }
  static Result<json::value> call(Client& client, std::string_view method, std::string_view params) {
    return client.call(method, parse_json(params)->as_array(), soon());
  }

  std::filesystem::path directory_;
  boost::asio::io_context loop_;
  Database database_{session_fixture::schema(), nullptr};
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

constexpr std::string_view insert_row = R"(["T",{"op":"insert","table":"A","row":{"name":"x","n":4}}])";

TEST_F(ServerTest, answers_a_client) {
  start();
  auto client = connect();
  EXPECT_EQ(to_text(*call(client, "list_dbs", "[]")), R"(["T","_Server"])");
  EXPECT_TRUE(call(client, "transact", insert_row));
}

TEST_F(ServerTest, tells_one_client_what_another_changed) {
  start();
  auto watcher = connect();
  ASSERT_TRUE(call(watcher, "monitor", R"(["T","m",{"A":[{"columns":["n"]}]}])"));
  auto writer = connect();
  ASSERT_TRUE(call(writer, "transact", insert_row));
  const auto update = watcher.next_notification(soon());
  ASSERT_TRUE(update);
  EXPECT_EQ(update->at("method"), "update");
}

TEST_F(ServerTest, answers_a_wait_when_it_comes_true_and_when_its_time_is_up) {
  start();
  auto waiter = connect();
  auto writer = connect();
  const auto* unmet =
      R"(["T",{"op":"wait","timeout":30,"table":"A","where":[],"columns":["n"],"until":"==","rows":[{"n":4}]}])";
  const auto timed_out = call(waiter, "transact", unmet);
  ASSERT_TRUE(timed_out);
  EXPECT_EQ(timed_out->at(0).at("error"), "timed out");
  std::thread later([&] { EXPECT_TRUE(call(writer, "transact", insert_row)); });
  const auto met = call(waiter, "transact",
                        R"(["T",{"op":"wait","table":"A","where":[],"columns":["n"],"until":"==","rows":[{"n":4}]}])");
  later.join();
  ASSERT_TRUE(met);
  EXPECT_EQ(to_text(*met), "[{}]");
}

TEST_F(ServerTest, gives_many_requests_in_one_write_their_answers_in_order) {
  start();
  const auto fd = stream::connect_stream(remote(), soon());
  ASSERT_TRUE(fd);
  std::string requests;
  std::string answers;
  for (int i = 0; i < 1000; ++i) {
    requests += fmt::format(R"({{"id":{},"method":"echo","params":[]}})", i);
    answers += fmt::format(R"({{"error":null,"id":{},"result":[]}})", i);
  }
  ASSERT_EQ(::send(fd->fd(), requests.data(), requests.size(), 0), static_cast<ssize_t>(requests.size()));
  std::string received(answers.size(), '\0');
  for (std::size_t have = 0; have < received.size();) {
    ASSERT_TRUE(stream::wait_until_ready(fd->fd(), POLLIN, soon()));
    have += static_cast<std::size_t>(::recv(fd->fd(), received.data() + have, received.size() - have, 0));
  }
  EXPECT_EQ(received, answers);
}

TEST_F(ServerTest, closes_the_connection_of_a_client_that_sends_nonsense) {
  start();
  const auto fd = stream::connect_stream(remote(), soon());
  ASSERT_TRUE(fd);
  ASSERT_EQ(::send(fd->fd(), "GET / HTTP/1.1\r\n", 16, 0), 16);
  ASSERT_TRUE(stream::wait_until_ready(fd->fd(), POLLIN, soon()));
  char byte = 0;
  EXPECT_EQ(::recv(fd->fd(), &byte, 1, 0), 0);
  auto other = connect();
  EXPECT_TRUE(call(other, "echo", "[]"));
}

TEST_F(ServerTest, refuses_a_message_beyond_its_size) {
  start({.connection = {.request_bytes = 1000}});
  auto client = connect();
  EXPECT_TRUE(call(client, "echo", fmt::format(R"(["{}"])", std::string(900, 'x'))));
  EXPECT_EQ(call(client, "echo", fmt::format(R"(["{}"])", std::string(1000, 'x'))).error().tag, "connection lost");
}

TEST_F(ServerTest, turns_one_client_too_many_away_and_takes_another_when_one_has_left) {
  start({.clients = 2});
  auto first = std::make_unique<Client>(connect());
  ASSERT_TRUE(call(*first, "echo", "[]"));
  auto second = connect();
  ASSERT_TRUE(call(second, "echo", "[]"));
  auto third = connect();
  EXPECT_EQ(call(third, "echo", "[]").error().tag, "connection lost");
  first.reset();
  bool is_taken = false;
  for (int i = 0; i < 1000 && !is_taken; ++i) {
    auto fourth = connect();
    is_taken = call(fourth, "echo", "[]").has_value();
  }
  EXPECT_TRUE(is_taken);
}

TEST_F(ServerTest, a_client_that_says_nothing_makes_room_for_another) {
  start({.clients = 2});
  auto first = connect();
  ASSERT_TRUE(call(first, "echo", "[]"));
  const auto silent = connect();
  auto third = connect();
  EXPECT_TRUE(call(third, "echo", "[]"));
  EXPECT_TRUE(call(first, "echo", "[]"));
}

TEST_F(ServerTest, a_client_that_does_not_read_is_told_the_sum_of_what_it_missed) {
  start({.connection = {.backlog_bytes = 1'000'000}});
  auto sleeper = connect();
  auto writer = connect();
  ASSERT_TRUE(call(writer, "transact", insert_row));
  ASSERT_TRUE(call(sleeper, "monitor", R"(["T","m",{"A":[{"columns":["name","n"]}]}])"));
  constexpr int updates = 1000;
  for (int i = 1; i <= updates; ++i) {
    ASSERT_TRUE(call(writer, "transact",
                     fmt::format(R"(["T",{{"op":"update","table":"A","where":[],"row":{{"name":"{}","n":{}}}}}])",
                                 std::string(10'000, 'x'), i)));
  }
  int told = 0;
  for (std::string last; last.find(fmt::format(R"("new":{{"n":{},)", updates)) == std::string::npos; ++told) {
    const auto update = sleeper.next_notification(soon());
    ASSERT_TRUE(update) << update.error().details;
    last = to_text(*update);
  }
  EXPECT_LT(told, updates / 2) << "what the socket held, and one more";
}

TEST_F(ServerTest, drops_a_client_that_asks_and_never_reads_the_answers) {
  start({.connection = {.stall_time = std::chrono::milliseconds(300)}});
  auto other = connect();
  const auto deaf = stream::connect_stream(remote(), soon());
  ASSERT_TRUE(deaf);
  const std::string request = R"({"id":1,"method":"get_schema","params":["T"]})";
  bool is_dropped = false;
  while (!is_dropped && stream::wait_until_ready(deaf->fd(), POLLOUT, soon())) {
    is_dropped = ::send(deaf->fd(), request.data(), request.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN;
  }
  EXPECT_TRUE(is_dropped);
  EXPECT_TRUE(call(other, "echo", "[]")) << "others are served";
}

TEST_F(ServerTest, keeps_a_client_that_sends_much_and_reads_late) {
  start({.connection = {.backlog_bytes = 100'000}});
  auto client = connect();
  const auto fd = stream::connect_stream(remote(), soon());
  ASSERT_TRUE(fd);
  const std::string request = R"({"id":1,"method":"get_schema","params":["T"]})";
  std::size_t sent = 0;
  // Until the server no longer reads, because we don't.
  while (
      stream::wait_until_ready(fd->fd(), POLLOUT, std::chrono::steady_clock::now() + std::chrono::milliseconds(100))) {
    const auto size = ::send(fd->fd(), request.data(), request.size(), 0);
    if (size != static_cast<ssize_t>(request.size())) break;
    ++sent;
  }
  EXPECT_TRUE(call(client, "echo", "[]")) << "others are served";
  MessageReader reader(max_reply_bytes);
  std::size_t answers = 0;
  std::vector<char> buffer(1 << 20);
  while (answers < sent) {
    ASSERT_TRUE(stream::wait_until_ready(fd->fd(), POLLIN, soon()));
    const auto size = ::recv(fd->fd(), buffer.data(), buffer.size(), 0);
    ASSERT_GT(size, 0) << answers << " of " << sent << " answered";
    ASSERT_TRUE(reader.feed({buffer.data(), static_cast<std::size_t>(size)}));
    while (reader.next()) ++answers;
  }
}

TEST_F(ServerTest, leaves_nothing_behind_when_it_stops) {
  start();
  auto client = connect();
  ASSERT_TRUE(call(client, "lock", R"(["L"])"));
  stop();
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_EQ(call(client, "echo", "[]").error().tag, "connection lost");
}

TEST_F(ServerTest, may_be_destroyed_before_its_loop) {
  start();
  auto client = connect();
  ASSERT_TRUE(call(client, "monitor", R"(["T","m",{"A":[{}]}])"));
  post([this] { server_.reset(); });
  thread_.join();
  EXPECT_EQ(call(client, "echo", "[]").error().tag, "connection lost");
}

}  // namespace
}  // namespace weft::ovsdb
