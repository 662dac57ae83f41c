#include "vsctl/switch_wait.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <thread>

#include "base/unique_fd.hpp"
#include "schema/vswitch.hpp"

namespace weft::vsctl {
namespace {

using std::chrono::milliseconds;

// A database server that answers each request with the next of some fixed results, then says no more.
class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> results) {
    char directory[] = "/tmp/weft-vsctl-test-XXXXXX";
    directory_ = ::mkdtemp(directory);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM, 0));
    EXPECT_EQ(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_.get(), 1), 0);
    thread_ = std::thread([this, results] { serve(results); });
  }
  ~ScriptedServer() {
    thread_.join();
    std::filesystem::remove_all(directory_);
  }
  std::string remote() const { return "unix:" + path(); }

 private:
  std::string path() const { return directory_ + "/db.sock"; }

  void serve(const std::vector<std::string>& results) {
    const UniqueFd peer(::accept(listener_.get(), nullptr, nullptr));
    char buffer[65536];
    int id = 0;
    for (const auto& result : results) {
      if (::recv(peer.get(), buffer, sizeof buffer, 0) <= 0) return;
      const auto answer = fmt::format("{{\"id\":{},\"result\":{},\"error\":null}}", ++id, result);
      EXPECT_EQ(::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL), static_cast<ssize_t>(answer.size()));
    }
    while (::recv(peer.get(), buffer, sizeof buffer, 0) > 0) continue;
  }

  std::string directory_;
  UniqueFd listener_;
  std::thread thread_;
};

constexpr char at_configuration_2[] =
    R"({"Open_vSwitch":{"01234567-89ab-cdef-0123-456789abcdef":{"new":{"cur_cfg":2}}}})";

// What wait_for_switch() says, and returns.
struct Waited {
  Result<> result;
  std::string told;
};
Waited wait(const Remote& remote, const Patience& patience) {
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* err = ::open_memstream(&text, &size);
  auto session = Session::open(remote);
  Result<> result =
      session ? wait_for_switch(*session, remote, 3, patience, err) : Result<>(std::unexpected(session.error()));
  std::fclose(err);
  Waited waited{std::move(result), std::string(text, size)};
  std::free(text);
  return waited;
}

TEST(SwitchWait, gives_up_at_the_end_of_its_patience_and_says_how_far_the_switch_is) {
  ScriptedServer server({std::string(vswitch_schema()), at_configuration_2});
  const auto [result, told] = wait({server.remote()}, {.until_told = milliseconds(1), .until_end = milliseconds(50)});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().tag, "timed out");
  EXPECT_TRUE(result.error().details.contains("(configuration 3, the switch is at 2)")) << result.error().details;
  EXPECT_EQ(std::ranges::count(told, '\n'), 1) << told;
  EXPECT_TRUE(told.contains("still waiting for the switch")) << told;
}

TEST(SwitchWait, says_nothing_before_the_end_if_that_comes_first) {
  ScriptedServer server({std::string(vswitch_schema()), at_configuration_2});
  const auto [result, told] =
      wait({server.remote()}, {.until_told = std::chrono::hours(1), .until_end = milliseconds(50)});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().tag, "timed out");
  EXPECT_EQ(told, "");
}

TEST(SwitchWait, a_server_that_does_not_answer_is_given_up) {
  ScriptedServer server({});
  const auto session = Session::open({.address = server.remote(), .answer_patience = milliseconds(50)});
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().tag, "no answer");
  EXPECT_TRUE(session.error().details.contains("has not answered \"get_schema\" within 1 seconds"))
      << session.error().details;
}

TEST(SwitchWait, a_server_that_is_not_there_is_tried_until_the_deadline) {
  const auto session = Session::open({.address = "unix:/tmp/weft-vsctl-test-nobody", .retry = true},
                                     std::chrono::steady_clock::now() + milliseconds(60));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().tag, "timed out");
}

}  // namespace
}  // namespace weft::vsctl
