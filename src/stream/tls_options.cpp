#include "stream/tls_options.hpp"

#include "base/directories.hpp"

namespace weft::stream {
namespace {

constexpr option long_options[] = {
    {"private-key", required_argument, nullptr, id_private_key},
    {"certificate", required_argument, nullptr, id_certificate},
    {"ca-cert", required_argument, nullptr, id_ca_cert},
    {"bootstrap-ca-cert", required_argument, nullptr, id_bootstrap_ca_cert},
    {"peer-ca-cert", required_argument, nullptr, id_peer_ca_cert},
    {"ssl-protocols", required_argument, nullptr, id_ssl_protocols},
    {"ssl-ciphers", required_argument, nullptr, id_ssl_ciphers},
};

// Daemons leave the directory that they were started in. What is no file stays as it is: "none", and a database's
// column.
std::string as_file(std::string_view text) {
  return text.empty() || text == "none" || text.starts_with("db:") ? std::string(text) : absolute_path(text);
}

}  // namespace

std::span<const option> tls_options() { return long_options; }

Result<bool> apply_tls_option(int id, const char* argument, TlsSettings& settings) {
  switch (id) {
    case id_private_key:
      settings.private_key = as_file(argument);
      return true;
    case id_certificate:
      settings.certificate = as_file(argument);
      return true;
    case id_ca_cert:
    case id_bootstrap_ca_cert:
      settings.ca_cert = as_file(argument);
      settings.bootstrap = id == id_bootstrap_ca_cert;
      return true;
    case id_peer_ca_cert:
      settings.peer_ca_cert = as_file(argument);
      return true;
    case id_ssl_protocols:
      settings.versions = TRY(parse_tls_versions(argument));
      return true;
    case id_ssl_ciphers:
      settings.ciphers = argument;
      return true;
    default:
      return false;
  }
}

}  // namespace weft::stream
