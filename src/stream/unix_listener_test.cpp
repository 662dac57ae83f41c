#include "stream/unix_listener.hpp"

#include <filesystem>
#include <fstream>

#include "base/process_name.hpp"
#include "stream/connect.hpp"

namespace weft::stream {
namespace {

class UnixListenerTest : public testing::Test {
 protected:
  UnixListenerTest() {
    char name[] = "/tmp/weft-listener-test-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~UnixListenerTest() override { std::filesystem::remove_all(directory_); }
  std::string path() const { return directory_ / "run" / "db.sock"; }
  Result<Stream> connect() const {
    return connect_stream("unix:" + path(), std::chrono::steady_clock::now() + std::chrono::seconds(10));
  }
  void leave_stale_socket() {
    auto old = UnixListener::open(path());
    ASSERT_TRUE(old);
    std::filesystem::rename(path(), path() + ".kept");
  }
  std::filesystem::path directory_;
};

TEST_F(UnixListenerTest, makes_its_directory_and_a_socket_for_its_owner_only) {
  const auto listener = UnixListener::open(path());
  ASSERT_TRUE(listener) << listener.error().details;
  EXPECT_EQ(std::filesystem::status(path()).permissions(), std::filesystem::perms{0600});
  EXPECT_TRUE(connect());
}

TEST_F(UnixListenerTest, takes_its_socket_away_when_it_ends) {
  {
    const auto listener = UnixListener::open(path());
  }
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(UnixListenerTest, replaces_the_socket_of_a_server_that_is_gone) {
  leave_stale_socket();
  std::filesystem::rename(path() + ".kept", path());
  ASSERT_FALSE(connect()) << "nobody listens";
  const auto listener = UnixListener::open(path());
  ASSERT_TRUE(listener) << listener.error().details;
  EXPECT_TRUE(connect());
}

TEST_F(UnixListenerTest, refuses_a_socket_that_is_in_use_and_names_who_listens) {
  const auto first = UnixListener::open(path());
  const auto second = UnixListener::open(path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().tag, "address in use");
  EXPECT_NE(second.error().details.find(describe_process(::getpid())), std::string::npos) << second.error().details;
  EXPECT_TRUE(connect()) << "the first one goes on";
}

TEST_F(UnixListenerTest, leaves_a_file_alone_that_is_no_socket) {
  std::filesystem::create_directories(directory_ / "run");
  std::ofstream(path()) << "precious";
  EXPECT_EQ(UnixListener::open(path()).error().tag, "address in use");
  EXPECT_EQ(std::filesystem::file_size(path()), 8u);
}

TEST_F(UnixListenerTest, leaves_the_socket_alone_that_another_server_put_in_its_place) {
  {
    const auto first = UnixListener::open(path());
    std::filesystem::remove(path());
    std::ofstream(path()) << "another";
  }
  EXPECT_TRUE(std::filesystem::exists(path()));
}

}  // namespace
}  // namespace weft::stream
