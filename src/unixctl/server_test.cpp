#include "unixctl/server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <thread>

#include "jsonrpc/client.hpp"
#include "unixctl/common_commands.hpp"

namespace weft::unixctl {
namespace {

// A daemon in a thread, and clients that talk to it.
class ControlSocket : public testing::Test {
 protected:
  ControlSocket() {
    table_.add({"join", "[WORD]...", 0, any_number,
                [](Arguments words) -> Result<std::string> { return fmt::format("{}", fmt::join(words, "+")); }});
    table_.add({"complain", "", 0, 0, [](Arguments) -> Result<std::string> { return fail("tag", "it is bad"); }});
    EXPECT_TRUE(server_->listen(path_));
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~ControlSocket() override {
    loop_.stop();
    thread_.join();
  }

  jsonrpc::Client connect() {
    auto client = jsonrpc::Client::connect("unix:" + path_, deadline_);
    EXPECT_TRUE(client) << client.error().details;
    return *std::move(client);
  }
  jsonrpc::Reply ask(std::string_view method, json::array params) {
    auto reply = connect().exchange(method, std::move(params), deadline_);
    return reply ? *std::move(reply) : jsonrpc::Reply{nullptr, json::string(reply.error().tag), nullptr};
  }

  std::string text_of(std::string_view method) { return json::value_to<std::string>(ask(method, {}).result); }

  const std::string path_ = fmt::format("{}/unixctl_test.{}", testing::TempDir(), ::getpid());
  const jsonrpc::Deadline deadline_ = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  CommandTable table_;
  boost::asio::io_context loop_;
  std::unique_ptr<Server> server_ = std::make_unique<Server>(loop_, table_);
  CommonCommands common_{loop_, table_, "x 1.0", [] { return MemoryUsage{{"cells", 3}, {"atoms", 2}}; }};
  std::thread thread_;
};

TEST_F(ControlSocket, answers_with_lines) {
  EXPECT_EQ(ask("join", {"a", "b"}).result, "a+b\n");
  EXPECT_EQ(ask("join", {"a\n"}).result, "a\n");
  EXPECT_EQ(ask("join", {}).result, "");
}

TEST_F(ControlSocket, tells_errors_as_errors) {
  EXPECT_EQ(ask("complain", {}).error, "it is bad\n");
  EXPECT_EQ(ask("nope", {}).error,
            "\"nope\" is not a valid command (use \"list-commands\" to see a list of valid commands)\n");
  EXPECT_EQ(ask("join", {"a", 1}).error, "\"join\" command has non-string argument\n");
}

TEST_F(ControlSocket, takes_many_requests_of_one_client) {
  auto client = connect();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.call("join", {"x"}, deadline_), json::value("x\n"));
}

TEST_F(ControlSocket, cuts_off_who_sends_too_much_and_goes_on_serving) {
  auto reply = connect().exchange("join", {std::string(max_request_bytes, 'x')}, deadline_);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().tag, "connection lost");
  EXPECT_EQ(ask("join", {"a"}).result, "a\n");
}

TEST_F(ControlSocket, turns_away_more_clients_than_it_has_room_for) {
  std::vector<jsonrpc::Client> clients;
  for (std::size_t i = 0; i < max_clients; ++i) {
    clients.push_back(connect());
    ASSERT_TRUE(clients.back().call("join", {}, deadline_));
  }
  EXPECT_EQ(ask("join", {}).error, "connection lost");
  EXPECT_EQ(clients.front().call("join", {"a"}, deadline_), json::value("a\n"));
}

TEST_F(ControlSocket, has_the_commands_that_every_daemon_has) {
  EXPECT_EQ(ask("version", {}).result, "x 1.0\n");
  EXPECT_EQ(ask("memory/show", {}).result, "atoms:2 cells:3\n");
  EXPECT_EQ(ask("vlog/set", {"nonexistent"}).error, "no destination, level, or module \"nonexistent\"\n");
  EXPECT_EQ(ask("vlog/reopen", {}).error, "Logging to file not configured\n");
  EXPECT_EQ(ask("vlog/disable-rate-limit", {"unixctl", "nope"}).error, "unknown module\n");
  EXPECT_EQ(ask("vlog/enable-rate-limit", {}).result, "");
  EXPECT_EQ(ask("coverage/read-counter", {"nope"}).error, "No such counter\n");
  EXPECT_TRUE(text_of("coverage/show").contains("unixctl_received"));
  EXPECT_TRUE(text_of("vlog/list").contains("unixctl "));
  EXPECT_TRUE(text_of("list-commands").contains("  vlog/list-pattern       \n"));
}

TEST_F(ControlSocket, is_removed_with_the_server) {
  loop_.stop();
  thread_.join();
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(path_));
  thread_ = std::thread([] {});
}

TEST_F(ControlSocket, that_cannot_be_made_is_told) {
  const auto path = path_ + ".no/such";
  EXPECT_EQ(server_->listen(path).error().details,
            path + ": could not initialize control socket (No such file or directory)");
}

}  // namespace
}  // namespace weft::unixctl
