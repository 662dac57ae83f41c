// The options about TLS that all programs have, see ovs-vsctl(8) "Public Key Infrastructure Options".
#pragma once

#include <getopt.h>

#include <span>
#include <string_view>

#include "base/error.hpp"
#include "stream/tls_settings.hpp"

namespace weft::stream {

// What getopt_long returns for one.
enum TlsOption {
  id_private_key = 'p',
  id_certificate = 'c',
  id_ca_cert = 'C',
  id_bootstrap_ca_cert = 2000,
  id_peer_ca_cert,
  id_ssl_protocols,
  id_ssl_ciphers,
};

std::span<const option> tls_options();
inline constexpr std::string_view tls_short_options = "p:c:C:";

// False: `id` is none of these. Errors: "usage".
Result<bool> apply_tls_option(int id, const char* argument, TlsSettings& settings);

inline constexpr std::string_view tls_options_help =
    R"(  -p, --private-key=FILE
                      our private key, in PEM
  -c, --certificate=FILE
                      our certificate
  -C, --ca-cert=FILE  who must have signed the peer's certificate; none: anybody
  --bootstrap-ca-cert=FILE
                      the same; where there is no such file, the first peer is
                      trusted and its CA kept there
  --peer-ca-cert=FILE CA certificate to send to peers, for their bootstrap
  --ssl-protocols=PROTOCOLS
                      TLSv1.2, TLSv1.3 or both (default), with commas between
  --ssl-ciphers=CIPHERS
                      for TLSv1.2, see ciphers(1)
)";

}  // namespace weft::stream
