#include "stream/tls_session.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cerrno>

#include "base/check.hpp"
#include "base/log.hpp"
#include "base/log_limit.hpp"
#include "stream/bootstrap.hpp"
#include "stream/socket_bio.hpp"

namespace weft::stream {
namespace {

const LogModule log("stream_ssl");
LogLimit limit(10, 25);  // Anybody may send garbage as often as he likes.

std::string describe_error(unsigned long error) {
  char text[256];
  ERR_error_string_n(error, text, sizeof text);
  return text;
}

}  // namespace

TlsSession::TlsSession(SSL_CTX* context, int fd, TlsSide side, std::string name, std::string bootstrap_ca_cert)
    : ssl_(SSL_new(context), &SSL_free), name_(std::move(name)), bootstrap_ca_cert_(std::move(bootstrap_ca_cert)) {
  CHECK(ssl_);
  auto* bio = make_socket_bio(fd);
  SSL_set_bio(ssl_.get(), bio, bio);
  if (side == TlsSide::client) {
    SSL_set_connect_state(ssl_.get());
  } else {
    SSL_set_accept_state(ssl_.get());
  }
}

TlsSession::~TlsSession() = default;

Step TlsSession::outcome(int returned, const char* operation) {
  const int system_error = errno;
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return {Step::Kind::wants_read};
    case SSL_ERROR_WANT_WRITE:
      return {Step::Kind::wants_write};
    case SSL_ERROR_ZERO_RETURN:
      return {Step::Kind::ended};
    case SSL_ERROR_SYSCALL:
      if (returned == 0 || system_error == 0) return {Step::Kind::ended};
      return {Step::Kind::failed, 0, system_error};
    default:
      break;
  }
  const auto error = ERR_get_error();
  // A peer that closes its socket without a farewell. Our messages tell by themselves where they end.
  if (ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING) return {Step::Kind::ended};
  log.limited(limit, LogLevel::warning, "{}: {}: {}", name_, operation, describe_error(error));
  return {Step::Kind::failed, 0, EPROTO};
}

Step TlsSession::handshake() {
  if (is_ready_) return {Step::Kind::done};
  ERR_clear_error();
  errno = 0;
  const int returned = SSL_do_handshake(ssl_.get());
  if (returned != 1) return outcome(returned, SSL_is_server(ssl_.get()) ? "SSL_accept" : "SSL_connect");
  is_ready_ = true;
  return bootstrap_ca_cert_.empty() ? Step{Step::Kind::done} : keep_ca_cert();
}

Step TlsSession::keep_ca_cert() {
  const auto kept = bootstrap_ca_cert(ssl_.get(), bootstrap_ca_cert_);
  if (kept) {
    log.info("successfully bootstrapped CA cert to {}", bootstrap_ca_cert_);
  } else {
    log.error("{}: {}", name_, kept.error().details);
  }
  // Nothing is said to a peer that nobody has checked: the next connection checks it.
  return {Step::Kind::failed, 0, EPROTO};
}

Step TlsSession::read(std::span<char> buffer) {
  ERR_clear_error();
  errno = 0;
  std::size_t size = 0;
  const int returned = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &size);
  return returned == 1 ? Step{Step::Kind::done, size} : outcome(returned, "SSL_read");
}

Step TlsSession::write(std::string_view bytes) {
  ERR_clear_error();
  errno = 0;
  std::size_t size = 0;
  const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &size);
  return returned == 1 ? Step{Step::Kind::done, size} : outcome(returned, "SSL_write");
}

bool TlsSession::has_buffered() const { return SSL_has_pending(ssl_.get()) == 1; }

void TlsSession::shut_down() {
  ERR_clear_error();
  if (is_ready_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsSession::peer_common_name() const {
  const std::unique_ptr<X509, void (*)(X509*)> certificate(SSL_get1_peer_certificate(ssl_.get()), &X509_free);
  if (!certificate || SSL_get_verify_result(ssl_.get()) != X509_V_OK) return {};
  const auto* subject = X509_get_subject_name(certificate.get());
  const int place = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (place < 0) return {};
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)));
  if (size < 0) return {};
  std::string name(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
  OPENSSL_free(text);
  return name;
}

}  // namespace weft::stream
