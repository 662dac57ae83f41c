// What TLS needs to know: files, versions, ciphers; as ovs-vsctl(8) "Public Key Infrastructure Options" tells.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace weft::stream {

// TLS 1.2 and up only: what is older is broken.
struct TlsVersions {
  int least = 0;  // As OpenSSL's TLS1_2_VERSION; 0: the least and the newest that we speak.
  int most = 0;
  bool operator==(const TlsVersions&) const = default;
};

// As in --ssl-protocols: names separated by commas or spaces, "TLSv1.2", "TLSv1.3"; one with "+" means it and newer.
// Older versions are left out. "usage": an unknown name, or nothing is left.
Result<TlsVersions> parse_tls_versions(std::string_view text);

struct TlsSettings {
  std::string private_key = {};  // Files in PEM.
  std::string certificate = {};
  std::string ca_cert = {};       // Who must have signed a peer's certificate; "none": peers are not checked.
  bool bootstrap = false;         // Where there is no file ca_cert, the first peer's is trusted and kept there.
  std::string peer_ca_cert = {};  // Sent to peers along with ours, for their bootstrap.
  TlsVersions versions = {};
  std::string ciphers = {};  // OpenSSL's list for TLS 1.2; empty: its default.
  bool operator==(const TlsSettings&) const = default;
};

}  // namespace weft::stream
