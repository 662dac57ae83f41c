#include "stream/bootstrap.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/check.hpp"
#include "base/unique_fd.hpp"

namespace weft::stream {
namespace {

template <class T, void (*release)(T*)>
struct Releaser {
  void operator()(T* object) const { release(object); }
};
using Certificate = std::unique_ptr<X509, Releaser<X509, X509_free>>;
using Store = std::unique_ptr<X509_STORE, Releaser<X509_STORE, X509_STORE_free>>;
using Check = std::unique_ptr<X509_STORE_CTX, Releaser<X509_STORE_CTX, X509_STORE_CTX_free>>;
using Memory = std::unique_ptr<BIO, Releaser<BIO, BIO_free_all>>;

std::unexpected<Error> failed(std::string_view path, std::string_view why) {
  return fail("bootstrap failed", fmt::format("cannot bootstrap the CA certificate {}: {}", path, why));
}

bool is_signed_under(X509* certificate, STACK_OF(X509) * chain, X509* ca, bool peer_is_server) {
  const Store store(X509_STORE_new());
  const Check check(X509_STORE_CTX_new());
  CHECK(store && check);
  X509_STORE_add_cert(store.get(), ca);
  X509_STORE_CTX_init(check.get(), store.get(), certificate, chain);
  X509_STORE_CTX_set_default(check.get(), peer_is_server ? "ssl_server" : "ssl_client");
  return X509_verify_cert(check.get()) == 1;
}

std::string to_pem(X509* certificate) {
  const Memory memory(BIO_new(BIO_s_mem()));
  CHECK(memory && PEM_write_bio_X509(memory.get(), certificate) == 1);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Result<> bootstrap_ca_cert(SSL* ssl, const std::string& path) {
  const Certificate peer(SSL_get1_peer_certificate(ssl));
  auto* chain = SSL_get_peer_cert_chain(ssl);
  if (!peer) return failed(path, "the peer has shown no certificate");
  auto* ca = chain && sk_X509_num(chain) > 0 ? sk_X509_value(chain, sk_X509_num(chain) - 1) : peer.get();
  if (X509_check_issued(ca, ca) != X509_V_OK)
    return failed(path, "the peer has not sent the certificate of its CA; give it --peer-ca-cert, or copy the file");
  if (!is_signed_under(peer.get(), chain, ca, SSL_is_server(ssl) == 0))
    return failed(path, "the peer's certificate is not signed under the CA that it has sent");
  const UniqueFd file(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444));
  // Another one was faster: the next connection is checked by what that one has written.
  if (!file) return failed(path, std::strerror(errno));
  const auto text = to_pem(ca);
  if (::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
  const int error = errno;
  ::unlink(path.c_str());
  return failed(path, std::strerror(error));
}

}  // namespace weft::stream
