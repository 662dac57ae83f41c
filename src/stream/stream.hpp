// A connection to a peer: bytes there and back over a socket, in the clear or by TLS. Never waits.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "stream/step.hpp"
#include "stream/tls.hpp"

namespace weft::stream {

class Stream {
 public:
  // `fd`: a non-blocking socket, connected, or connecting for which the first step is to wait. `name`: of the peer, for
  // people: "tcp:127.0.0.1:6640", "unix#3".
  Stream(UniqueFd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}
  // The same, by TLS. Errors: Tls::start()'s.
  static Result<Stream> with_tls(UniqueFd fd, std::string name, Tls& tls, TlsSide side);
  Stream(Stream&&) noexcept = default;
  Stream& operator=(Stream&&) noexcept = default;
  ~Stream();

  int fd() const { return fd_.get(); }
  const std::string& name() const { return name_; }
  bool is_encrypted() const { return tls_ != nullptr; }

  // Brings the connection up: the TCP connection, then the handshake. Until it is done, neither read() nor write().
  Step open();
  // `buffer`, `bytes`: not empty.
  Step read(std::span<char> buffer);
  Step write(std::string_view bytes);
  // Something was received and can be read though the descriptor does not say so.
  bool has_buffered() const { return tls_ && tls_->has_buffered(); }
  // The common name in the certificate by which the peer has identified itself; empty: it has not.
  std::string peer_common_name() const { return tls_ ? tls_->peer_common_name() : std::string(); }

 private:
  UniqueFd fd_;
  std::string name_;
  std::unique_ptr<TlsSession> tls_;  // Null: in the clear.
  bool is_connected_ = false;
};

}  // namespace weft::stream
