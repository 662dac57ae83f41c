#include "endpoint.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds begin_max{10};
constexpr double warm_up = 0.15;  // Part of the window, before it begins.

std::int64_t cpu_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

void fail(const std::string& what) { throw std::runtime_error(what + ": " + std::strerror(errno)); }

int check(int result, const std::string& what) {
  if (result < 0) fail(what);
  return result;
}

Fd::~Fd() {
  if (number_ >= 0) ::close(number_);
}

void Endpoint::enter() const {
  const Fd netns(check(::open(path_.c_str(), O_RDONLY | O_CLOEXEC), path_));
  check(::setns(netns.get(), CLONE_NEWNET), path_);
}

Fd Endpoint::socket(int domain, int type, int protocol) const {
  enter();
  Fd made(check(::socket(domain, type | SOCK_CLOEXEC, protocol), "socket"));
  const timeval patience{.tv_sec = 0, .tv_usec = 100'000};
  check(::setsockopt(made.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "SO_RCVTIMEO");
  check(::setsockopt(made.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), "SO_SNDTIMEO");
  return made;
}

Fd Endpoint::device_counters() const {
  enter();
  return Fd(check(::open("/proc/thread-self/net/dev", O_RDONLY | O_CLOEXEC), "/proc/thread-self/net/dev"));
}

Mac Endpoint::mac() const {
  const Fd any = socket(AF_INET, SOCK_DGRAM);
  ifreq request{};
  std::strcpy(request.ifr_name, "eth0");
  check(::ioctl(any.get(), SIOCGIFHWADDR, &request), "eth0");
  Mac mac{};
  std::memcpy(mac.data(), request.ifr_hwaddr.sa_data, mac.size());
  return mac;
}

void pin_to_cpu(unsigned number) {
  cpu_set_t only;
  CPU_ZERO(&only);
  CPU_SET(number, &only);
  ::pthread_setaffinity_np(::pthread_self(), sizeof only, &only);
}

std::uint64_t received_frames(const Fd& device_counters) {
  std::array<char, 4096> text{};
  const auto size = ::pread(device_counters.get(), text.data(), text.size() - 1, 0);
  const std::string_view all(text.data(), size < 0 ? 0 : static_cast<std::size_t>(size));
  const auto line = all.find("eth0:");
  if (line == std::string_view::npos) throw std::runtime_error("there is no eth0");
  char* end = text.data() + line + std::strlen("eth0:");
  std::strtoull(end, &end, 10);  // Bytes; frames come next.
  return std::strtoull(end, &end, 10);
}

Rate rate(const std::function<std::uint64_t()>& read, std::chrono::duration<double> window) {
  const auto before = read();
  for (const auto until = Clock::now() + begin_max; read() == before;) {
    if (Clock::now() > until) throw std::runtime_error("nothing arrives");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  std::this_thread::sleep_for(window * warm_up);
  const auto first = read();
  const auto begin = Clock::now();
  const auto cpu_begin = cpu_ns();
  std::this_thread::sleep_for(window);
  const auto count = static_cast<double>(read() - first);
  const auto seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  return {.per_second = count / seconds, .cpu_ns = static_cast<double>(cpu_ns() - cpu_begin) / std::max(1.0, count)};
}

}  // namespace bench
