#include "stream/method.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/directories.hpp"

namespace weft::stream {
namespace {

using Transport = Method::Transport;

struct Kind {
  std::string_view name;
  Transport transport;
  bool is_passive;
  std::string_view form;
};
constexpr Kind kinds[] = {
    {"unix", Transport::unix_socket, false, "unix:FILE"},
    {"tcp", Transport::tcp, false, "tcp:HOST[:PORT], an IPv6 address in brackets"},
    {"ssl", Transport::tls, false, "ssl:HOST[:PORT], an IPv6 address in brackets"},
    {"punix", Transport::unix_socket, true, "punix:FILE"},
    {"ptcp", Transport::tcp, true, "ptcp:[PORT][:ADDRESS], an IPv6 address in brackets"},
    {"pssl", Transport::tls, true, "pssl:[PORT][:ADDRESS], an IPv6 address in brackets"},
};

bool parse_port(std::string_view text, std::uint16_t& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size();
}

// "HOST", "[HOST]": the host, and what follows it in `text`. False: a bracket is not closed.
bool take_host(std::string_view& text, std::string& host) {
  if (!text.starts_with('[')) {
    const auto end = std::min(text.find(':'), text.size());
    host = text.substr(0, end);
    text.remove_prefix(end);
    return true;
  }
  const auto end = text.find(']');
  if (end == std::string_view::npos) return false;
  host = text.substr(1, end - 1);
  text.remove_prefix(end + 1);
  return !host.empty();
}

bool parse_active(std::string_view text, Method& method) {
  method.port = default_tcp_port;
  if (!take_host(text, method.host) || method.host.empty()) return false;
  if (text.empty() || text == ":") return true;
  return text.starts_with(':') && parse_port(text.substr(1), method.port) && method.port != 0;
}

bool parse_passive(std::string_view text, Method& method) {
  method.port = default_tcp_port;
  const auto port = text.substr(0, std::min(text.find(':'), text.size()));
  if (!port.empty() && !parse_port(port, method.port)) return false;
  text.remove_prefix(port.size());
  if (text.empty() || text == ":") return true;
  text.remove_prefix(1);
  return take_host(text, method.host) && text.empty();
}

}  // namespace

Result<Method> parse_method(std::string_view text) {
  const auto colon = text.find(':');
  const auto* kind =
      std::ranges::find(kinds, colon == std::string_view::npos ? "" : text.substr(0, colon), &Kind::name);
  if (kind == std::end(kinds))
    return fail("invalid address", fmt::format("{}: expected tcp:, ssl:, unix:, ptcp:, pssl: or punix:", text));
  const auto rest = text.substr(colon + 1);
  Method method{.transport = kind->transport, .is_passive = kind->is_passive, .path = {}, .host = {}, .port = 0};
  bool is_good = !rest.empty() && rest.find('\0') == std::string_view::npos;
  if (kind->transport == Transport::unix_socket) {
    if (is_good) method.path = absolute_path(resolve_in(run_directory(), rest));
  } else if (kind->is_passive) {
    is_good = parse_passive(rest, method);
  } else {
    is_good = is_good && parse_active(rest, method);
  }
  if (!is_good) return fail("invalid address", fmt::format("{}: expected {}", text, kind->form));
  return method;
}

}  // namespace weft::stream
