#include "relay.hpp"

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

namespace bench {
namespace {

constexpr std::size_t frame_bytes_max = (64 << 10) + 64;

Fd make_tap(const Endpoint& where, const std::string& name) {
  where.enter();
  Fd tap(check(::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), "/dev/net/tun"));
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  check(::ioctl(tap.get(), TUNSETIFF, &request), "tap " + name);
  check(::ioctl(tap.get(), TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6), "offload of tap " + name);
  return tap;
}

void copy(const Fd& from, const Fd& to, const std::stop_token& stop) {
  std::vector<char> frame(frame_bytes_max);
  pollfd readable{.fd = from.get(), .events = POLLIN, .revents = 0};
  while (!stop.stop_requested()) {
    const auto size = ::read(from.get(), frame.data(), frame.size());
    if (size > 0) {
      [[maybe_unused]] const auto written = ::write(to.get(), frame.data(), static_cast<std::size_t>(size));
    } else if (::poll(&readable, 1, 100) < 0) {
      fail("poll");
    }
  }
}

}  // namespace

void relay(const Endpoint& host, const std::string& tap, const Endpoint& guest) {
  const auto outside = make_tap(host, tap);
  const auto inside = make_tap(guest, "eth0");
  std::puts("ready");
  std::fflush(stdout);
  const std::jthread out([&](const std::stop_token& stop) { copy(inside, outside, stop); });
  const std::jthread in([&](const std::stop_token& stop) { copy(outside, inside, stop); });
  while (std::getchar() != EOF) {
  }
}

}  // namespace bench
