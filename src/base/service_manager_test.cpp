#include "base/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cstdlib>

#include "base/unique_fd.hpp"

namespace weft {
namespace {

TEST(ServiceManager, hears_the_state_at_the_socket_that_the_environment_names) {
  const auto path = fmt::format("{}/notify.{}", testing::TempDir(), ::getpid());
  const UniqueFd manager(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(manager.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  notify_service_manager("READY=1");
  ::unsetenv("NOTIFY_SOCKET");
  std::array<char, 32> heard{};
  ASSERT_EQ(::recv(manager.get(), heard.data(), heard.size(), MSG_DONTWAIT), 7);
  EXPECT_STREQ(heard.data(), "READY=1");
  ::unlink(path.c_str());
}

TEST(ServiceManager, is_not_missed) { notify_service_manager("READY=1"); }

}  // namespace
}  // namespace weft
