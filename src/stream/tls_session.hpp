// TLS over one descriptor: encrypts and decrypts without waiting.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "stream/step.hpp"

namespace weft::stream {

enum class TlsSide { client, server };

class TlsSession {
 public:
  // `bootstrap_ca_cert`: where the CA certificate of this peer, whom nobody checks, is to be kept, and nothing else
  // done; else empty. Owns neither the context, which it keeps alive, nor the descriptor.
  TlsSession(SSL_CTX* context, int fd, TlsSide side, std::string name, std::string bootstrap_ca_cert);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;
  ~TlsSession();

  // Until it is done, neither read() nor write(). What the peer can make it hold is bounded by OpenSSL: messages of a
  // handshake have limits.
  Step handshake();
  Step read(std::span<char> buffer);
  Step write(std::string_view bytes);
  // Decrypted bytes wait to be read: the descriptor will not tell.
  bool has_buffered() const;
  // Says farewell as far as that is possible without waiting.
  void shut_down();
  // The common name in the peer's certificate, who it says it is; empty without one. After the handshake.
  std::string peer_common_name() const;

 private:
  Step outcome(int returned, const char* operation);
  Step keep_ca_cert();

  std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
  std::string name_;  // Of the peer, for the log.
  std::string bootstrap_ca_cert_;
  bool is_ready_ = false;
};

}  // namespace weft::stream
