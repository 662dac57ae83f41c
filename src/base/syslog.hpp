// The ways to the system's log that --syslog-method names.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft {

class SyslogSender {
 public:
  // "libc" (syslog(3)), "unix:FILE" and "udp:IP:PORT" (datagrams), "null". A server that is not there, or a bad
  // address, is no error: lines are lost then, and the latter is told in the log. Error: another method.
  static Result<std::unique_ptr<SyslogSender>> from_method(std::string_view method);
  // --syslog-target: HOST:PORT. Null: it cannot be reached, as the log tells.
  static std::unique_ptr<SyslogSender> to_host(std::string_view target);

  // Each line of `text` by itself. `priority`: as in syslog(3).
  void send(int priority, std::string_view text);
  void send_as_it_is(std::string_view datagram);

  // What stands in front of each line, as vlog/list-pattern tells it.
  std::string_view prefix() const { return prefix_; }

 private:
  enum class Kind { libc, datagrams, null };
  SyslogSender(Kind kind, std::string_view prefix) : kind_(kind), prefix_(prefix) {}
  Kind kind_;
  std::string_view prefix_;
  UniqueFd socket_;
};

}  // namespace weft
