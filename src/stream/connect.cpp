#include "stream/connect.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "stream/unix_address.hpp"

namespace weft::stream {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How often to try a unix socket again whose queue of connections is full: the kernel tells nobody when it has room.
constexpr milliseconds full_queue_pause{10};

std::unexpected<Error> connection_failed(const std::string& remote, int error) {
  return fail("connection failed", fmt::format("{}: {}", remote, std::strerror(error)));
}
std::unexpected<Error> timed_out(const std::string& remote) {
  return fail("timed out", fmt::format("{}: no connection within the time allowed", remote));
}

Result<UniqueFd> connect_unix(const std::string& remote, const std::string& path, Deadline deadline) {
  const auto address = TRY(UnixAddress::make(path));
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return connection_failed(remote, errno);
  while (::connect(fd.get(), address.get(), address.size()) < 0) {
    if (errno != EAGAIN && errno != EINTR) return connection_failed(remote, errno);
    if (deadline && steady_clock::now() >= *deadline) return timed_out(remote);
    std::this_thread::sleep_for(full_queue_pause);
  }
  return fd;
}

struct HostAndPort {
  std::string host;
  std::string port;
};

Result<HostAndPort> parse_host_and_port(const std::string& remote, std::string_view text) {
  const auto invalid = [&] {
    return fail("invalid address", fmt::format("{}: expected tcp:HOST:PORT or tcp:[IPV6]:PORT", remote));
  };
  HostAndPort result{"", default_tcp_port};
  std::string_view rest;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return invalid();
    result.host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else {
    const auto end = std::min(text.find(':'), text.size());
    result.host = text.substr(0, end);
    rest = text.substr(end);
  }
  if (rest.starts_with(':') && rest.size() > 1) result.port = rest.substr(1);
  if (result.host.empty() || (!rest.empty() && !rest.starts_with(':'))) return invalid();
  return result;
}

// The error number; 0: connected.
int connect_tcp_address(const addrinfo& address, UniqueFd& fd, Deadline deadline) {
  fd.reset(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return errno;
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) < 0) {
    if (errno != EINPROGRESS) return errno;
    if (!wait_until_ready(fd.get(), POLLOUT, deadline)) return ETIMEDOUT;
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return error;
  }
  const int on = 1;  // A request is one small write that wants its answer now.
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return 0;
}

Result<UniqueFd> connect_tcp(const std::string& remote, std::string_view text, Deadline deadline) {
  const auto [host, port] = TRY(parse_host_and_port(remote, text));
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0)
    return fail("connection failed", fmt::format("{}: {}", remote, ::gai_strerror(error)));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, &::freeaddrinfo);
  int error = EADDRNOTAVAIL;
  UniqueFd fd;
  for (const auto* address = found; address; address = address->ai_next) {
    error = connect_tcp_address(*address, fd, deadline);
    if (error == 0) return fd;
    if (deadline && steady_clock::now() >= *deadline) return timed_out(remote);
  }
  return connection_failed(remote, error);
}

}  // namespace

Result<UniqueFd> connect_stream(const std::string& remote, Deadline deadline) {
  const std::string_view text = remote;
  if (text.starts_with("unix:")) return connect_unix(remote, remote.substr(5), deadline);
  if (text.starts_with("tcp:")) return connect_tcp(remote, text.substr(4), deadline);
  return fail("invalid address", fmt::format("{}: expected unix:FILE or tcp:HOST:PORT", remote));
}

bool wait_until_ready(int fd, short events, Deadline deadline) {
  while (true) {
    int timeout_ms = -1;
    if (deadline) {
      const auto left = std::chrono::ceil<milliseconds>(*deadline - steady_clock::now()).count();
      timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left, 0, std::numeric_limits<int>::max()));
    }
    pollfd entry{fd, events, 0};
    const int ready = ::poll(&entry, 1, timeout_ms);
    if (ready > 0) return true;
    if (ready == 0) return false;
  }
}

}  // namespace weft::stream
