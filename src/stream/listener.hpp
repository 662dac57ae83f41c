// A socket that others connect to, by a passive connection method.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/error.hpp"
#include "stream/method.hpp"
#include "stream/stream.hpp"
#include "stream/unix_listener.hpp"

namespace weft::stream {

class Listener {
 public:
  // `name`: the method's text, for people. `tls` must outlive the listener; it is needed for "pssl:" only. Errors,
  // which name it: "address in use", "invalid address", "I/O error". A unix socket: see UnixListener.
  static Result<Listener> open(const std::string& name, const Method& method, Tls& tls);

  // Non-blocking: readable when somebody waits to be accepted.
  int fd() const;
  const std::string& name() const { return name_; }
  std::uint16_t bound_port() const { return bound_port_; }  // 0: a unix socket.

  struct Nobody {};  // Nobody waits.
  struct Failure {
    int error;
  };  // The system cannot accept now: no descriptors, no memory.
  struct Refused {
    Error reason;
  };  // Somebody came, but TLS cannot be had.
  using Accepted = std::variant<Stream, Nobody, Failure, Refused>;
  Accepted accept();

 private:
  struct TcpSocket {
    UniqueFd fd;
  };
  Listener(std::string name, Method::Transport transport, std::variant<UnixListener, TcpSocket> socket, Tls& tls)
      : name_(std::move(name)), transport_(transport), socket_(std::move(socket)), tls_(&tls) {}
  static Result<Listener> open_tcp(const std::string& name, const Method& method, Tls& tls);

  std::string name_;
  Method::Transport transport_;
  std::variant<UnixListener, TcpSocket> socket_;
  Tls* tls_;
  std::uint16_t bound_port_ = 0;
};

}  // namespace weft::stream
