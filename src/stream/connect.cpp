#include "stream/connect.hpp"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <thread>

#include "base/log.hpp"
#include "stream/listener.hpp"
#include "stream/unix_address.hpp"

namespace weft::stream {
namespace {

const LogModule log("stream_ssl");

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::unexpected<Error> system_failure(int error) { return fail("connection failed", std::strerror(error)); }

std::unexpected<Error> timed_out(const std::string& remote) {
  return fail("timed out", fmt::format("{}: no connection within the time allowed", remote));
}
bool is_over(Deadline deadline) { return deadline && steady_clock::now() >= *deadline; }

Result<Stream> begin_unix(const std::string& name, const std::string& path) {
  const auto address = TRY(UnixAddress::make(path));
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return system_failure(errno);
  while (::connect(fd.get(), address.get(), address.size()) < 0) {
    if (errno == EAGAIN) return fail("busy", std::strerror(EAGAIN));
    if (errno != EINTR) return system_failure(errno);
  }
  return Stream(std::move(fd), name);
}

Result<Stream> finish(Stream stream, Deadline deadline) {
  while (true) {
    const auto step = stream.open();
    if (step.is_done()) return stream;
    if (!step.must_wait()) return fail("connection failed", describe_end(step));
    if (!wait_for(stream, step, deadline)) return timed_out(stream.name());
  }
}

Result<Stream> connect_unix(const std::string& remote, const Method& method, Tls& tls, Deadline deadline) {
  while (true) {
    auto begun = begin_connect(remote, method, {}, tls);
    if (begun || begun.error().tag != "busy") return begun;
    if (is_over(deadline)) return timed_out(remote);
    std::this_thread::sleep_for(full_queue_pause);
  }
}

Result<Stream> connect_tcp(const std::string& remote, const Method& method, Tls& tls, Deadline deadline) {
  const auto addresses = TRY(resolve(method));
  Result<Stream> result = system_failure(EADDRNOTAVAIL);
  for (const auto& address : addresses) {
    auto begun = begin_connect(remote, method, address, tls);
    result = begun ? finish(*std::move(begun), deadline) : std::move(begun);
    if (result || result.error().tag == "timed out") return result;
  }
  return result;
}

Result<Stream> await_peer(const std::string& remote, const Method& method, Tls& tls, Deadline deadline) {
  if (method.transport == Method::Transport::tls) TRY(tls.check());
  auto listener = TRY(Listener::open(remote, method, tls));
  while (true) {
    auto accepted = listener.accept();
    if (auto* stream = std::get_if<Stream>(&accepted)) return finish(std::move(*stream), deadline);
    if (auto* refused = std::get_if<Listener::Refused>(&accepted)) return std::unexpected(std::move(refused->reason));
    if (const auto* failure = std::get_if<Listener::Failure>(&accepted)) return system_failure(failure->error);
    if (!wait_until_ready(listener.fd(), POLLIN, deadline)) return timed_out(remote);
  }
}

Result<Stream> connect_by(const std::string& remote, const Method& method, Tls& tls, Deadline deadline) {
  if (method.is_passive) return await_peer(remote, method, tls, deadline);
  if (method.transport == Method::Transport::unix_socket) return connect_unix(remote, method, tls, deadline);
  return connect_tcp(remote, method, tls, deadline);
}

}  // namespace

Result<Stream> begin_connect(const std::string& name, const Method& method, const SocketAddress& address, Tls& tls) {
  if (method.transport == Method::Transport::unix_socket) return begin_unix(name, method.path);
  UniqueFd fd(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return system_failure(errno);
  if (::connect(fd.get(), address.get(), address.size) < 0 && errno != EINPROGRESS) return system_failure(errno);
  const int on = 1;  // A request is one small write that wants its answer now.
  ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (method.transport == Method::Transport::tcp) return Stream(std::move(fd), name);
  auto stream = Stream::with_tls(std::move(fd), name, tls, TlsSide::client);
  if (stream) return stream;
  if (stream.error().tag != "not configured") log.error("{}: {}", name, stream.error().details);  // Else it was told.
  return system_failure(ENOPROTOOPT);
}

Result<Stream> connect_stream(const std::string& remote, Deadline deadline, const TlsSettings& tls_settings) {
  Tls tls(tls_settings);
  const auto method = TRY(parse_method(remote));
  auto stream = connect_by(remote, method, tls, deadline);
  if (!stream && stream.error().tag == "connection failed" && !method.is_passive)
    return fail("connection failed", fmt::format("{}: {}", remote, stream.error().details));
  return stream;
}

bool wait_for(const Stream& stream, const Step& step, Deadline deadline) {
  return wait_until_ready(stream.fd(), step.kind == Step::Kind::wants_read ? POLLIN : POLLOUT, deadline);
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
