// OpenSSL's context from our settings.
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/check.hpp"
#include "base/log.hpp"
#include "stream/tls.hpp"

namespace weft::stream {
namespace {

const LogModule log("stream_ssl");

using Context = std::shared_ptr<SSL_CTX>;

std::unexpected<Error> failed(std::string_view file, std::string_view what) {
  char reason[256];
  ERR_error_string_n(ERR_peek_last_error(), reason, sizeof reason);
  ERR_clear_error();
  return fail("TLS", fmt::format("{}: {}: {}", file, what, reason));
}

Result<> check_settings(const TlsSettings& settings) {
  const std::pair<const std::string&, std::string_view> needed[] = {{settings.private_key, "Private key"},
                                                                    {settings.certificate, "Certificate"},
                                                                    {settings.ca_cert, "CA certificate"}};
  std::string lacking;
  for (const auto& [value, name] : needed) {
    if (!value.empty()) continue;
    log.error("{} must be configured to use SSL", name);
    lacking += fmt::format("{}{}", lacking.empty() ? "" : ", ", name);
  }
  if (lacking.empty()) return {};
  return fail("not configured", fmt::format("to use SSL these must be configured: {}", lacking));
}

void set_general(SSL_CTX& context) {
  SSL_CTX_set_options(
      &context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(&context,
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // Connections last: nothing is gained by resuming one, and what is not sent after the handshake is not lost.
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(&context, 0);
}

Result<> set_algorithms(SSL_CTX& context, const TlsSettings& settings) {
  const int least = settings.versions.least == 0 ? TLS1_2_VERSION : settings.versions.least;
  CHECK(SSL_CTX_set_min_proto_version(&context, least) == 1);
  CHECK(SSL_CTX_set_max_proto_version(&context, settings.versions.most) == 1);
  if (!settings.ciphers.empty() && SSL_CTX_set_cipher_list(&context, settings.ciphers.c_str()) != 1)
    return failed(settings.ciphers, "--ssl-ciphers");
  return {};
}

Result<> add_own_certificate(SSL_CTX& context, const TlsSettings& settings) {
  if (SSL_CTX_use_certificate_chain_file(&context, settings.certificate.c_str()) != 1)
    return failed(settings.certificate, "cannot use it as certificate");
  if (SSL_CTX_use_PrivateKey_file(&context, settings.private_key.c_str(), SSL_FILETYPE_PEM) != 1)
    return failed(settings.private_key, "cannot use it as private key");
  if (SSL_CTX_check_private_key(&context) != 1)
    return failed(settings.private_key, "it is not the key of the certificate " + settings.certificate);
  return {};
}

Result<> add_peer_ca_cert(SSL_CTX& context, const std::string& path) {
  if (path.empty()) return {};
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> file(BIO_new_file(path.c_str(), "r"), &BIO_free_all);
  auto* certificate = file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr;
  if (!certificate) return failed(path, "cannot use it as CA certificate for peers");
  // From now on it is the context's.
  if (SSL_CTX_add_extra_chain_cert(&context, certificate) == 1) return {};
  X509_free(certificate);
  return failed(path, "cannot send it to peers");
}

Result<> check_peers_by(SSL_CTX& context, const std::string& ca_cert) {
  auto* names = SSL_load_client_CA_file(ca_cert.c_str());
  if (!names || SSL_CTX_load_verify_locations(&context, ca_cert.c_str(), nullptr) != 1) {
    sk_X509_NAME_pop_free(names, &X509_NAME_free);
    return failed(ca_cert, "cannot use it as CA certificate");
  }
  SSL_CTX_set_client_CA_list(&context, names);
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  return {};
}

int accept_any(int, X509_STORE_CTX*) { return 1; }

}  // namespace

Result<std::shared_ptr<SSL_CTX>> make_tls_context(const TlsSettings& settings, bool checks_peers) {
  TRY(check_settings(settings));
  ERR_clear_error();
  const Context context(SSL_CTX_new(TLS_method()), &SSL_CTX_free);
  CHECK(context);
  set_general(*context);
  TRY(set_algorithms(*context, settings));
  TRY(add_own_certificate(*context, settings));
  TRY(add_peer_ca_cert(*context, settings.peer_ca_cert));
  if (checks_peers) {
    TRY(check_peers_by(*context, settings.ca_cert));
  } else {
    // A client is asked for its certificate all the same: for the bootstrap.
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, &accept_any);
  }
  return context;
}

}  // namespace weft::stream
