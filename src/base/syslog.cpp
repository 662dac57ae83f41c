#include "base/syslog.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <sys/un.h>
#include <syslog.h>

#include <algorithm>
#include <cstring>

#include "base/log.hpp"

namespace weft {
namespace {

const LogModule log("socket_util");

UniqueFd connect_unix(std::string_view path) {
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) {
    log.error("{}: too long for the path of a socket", path);
    return {};
  }
  address.sun_family = AF_UNIX;
  std::ranges::copy(path, address.sun_path);
  UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

// [ADDRESS]:PORT or ADDRESS:PORT.
UniqueFd connect_udp(std::string_view target) {
  const auto colon = target.rfind(':');
  if (colon == std::string_view::npos) {
    log.error("{}: port must be specified", target);
    return {};
  }
  auto host = target.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string port(target.substr(colon + 1));
  if (port.empty() || !std::ranges::all_of(port, [](char digit) { return digit >= '0' && digit <= '9'; })) {
    log.error("{}: bad port number \"{}\"", target, port);
    return {};
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(std::string(host).c_str(), port.c_str(), &hints, &found); error != 0) {
    log.error("{}: {}", target, ::gai_strerror(error));
    return {};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, ::freeaddrinfo);
  for (const addrinfo* each = found; each; each = each->ai_next) {
    UniqueFd socket(::socket(each->ai_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket && ::connect(socket.get(), each->ai_addr, each->ai_addrlen) == 0) return socket;
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<SyslogSender>> SyslogSender::from_method(std::string_view method) {
  const auto make = [](Kind kind, std::string_view prefix, UniqueFd socket) {
    std::unique_ptr<SyslogSender> sender(new SyslogSender(kind, prefix));
    sender->socket_ = std::move(socket);
    return sender;
  };
  if (method == "libc") {
    ::openlog(program_invocation_short_name, LOG_NDELAY, LOG_DAEMON);
    return make(Kind::libc, "<%B> %D{%h %e %T} %E %A: ", {});
  }
  if (method == "null") return make(Kind::null, "", {});
  if (method.starts_with("unix:")) return make(Kind::datagrams, "<%B>", connect_unix(method.substr(5)));
  if (method.starts_with("udp:")) return make(Kind::datagrams, "<%B>", connect_udp(method.substr(4)));
  return fail("usage", fmt::format("unsupported syslog method '{}'", method));
}

std::unique_ptr<SyslogSender> SyslogSender::to_host(std::string_view target) {
  auto socket = connect_udp(target);
  if (!socket) return nullptr;
  std::unique_ptr<SyslogSender> sender(new SyslogSender(Kind::datagrams, ""));
  sender->socket_ = std::move(socket);
  return sender;
}

void SyslogSender::send(int priority, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (kind_ == Kind::libc) ::syslog(priority, "%.*s", static_cast<int>(line.size()), line.data());
    if (kind_ == Kind::datagrams) send_as_it_is(fmt::format("<{}>{}", priority, line));
  }
}

void SyslogSender::send_as_it_is(std::string_view datagram) {
  // A log that nobody takes is lost, and nobody waits for it.
  (void)::send(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

}  // namespace weft
