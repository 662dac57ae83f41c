// TLS as configured: settings, and what OpenSSL has made of their files. Files that have changed are read anew with the
// next session, so certificates can be renewed under a running program.
#pragma once

#include <openssl/types.h>

#include <map>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "stream/tls_session.hpp"
#include "stream/tls_settings.hpp"

namespace weft::stream {

class Tls {
 public:
  explicit Tls(TlsSettings settings = {}) : settings_(std::move(settings)) {}

  // For sessions from now on.
  void configure(TlsSettings settings);
  const TlsSettings& settings() const { return settings_; }

  // `name`: of the peer, for the log. An error says which setting lacks or which file is at fault; where files were
  // good and have changed to something bad, it is logged and the old content serves on. "not configured", "TLS".
  Result<std::unique_ptr<TlsSession>> start(int fd, TlsSide side, std::string name);
  // The same error, without a session: for one who begins to listen.
  Result<> check() { return refresh(); }

 private:
  using Context = std::shared_ptr<SSL_CTX>;
  // A file is the same as long as this is.
  struct Print {
    long long inode = 0, size = 0, seconds = 0, nanoseconds = 0;
    bool operator==(const Print&) const = default;
  };
  using Prints = std::map<std::string, Print>;

  Result<> refresh();
  Prints look_at_files() const;
  bool must_bootstrap() const;

  TlsSettings settings_;
  Context context_;   // Null: not made yet.
  Prints made_from_;  // What context_ was made from, or could not be.
};

// "not configured": what lacks; "TLS": a file, and what OpenSSL says of it. `checks_peers`: no peer without a
// certificate that ca_cert vouches for.
Result<std::shared_ptr<SSL_CTX>> make_tls_context(const TlsSettings& settings, bool checks_peers);

}  // namespace weft::stream
