// Certificates for tests, made on the spot in a directory that goes with the object.
#pragma once

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace weft::stream {

class TestPki {
 public:
  TestPki() {
    char name[] = "/tmp/weft-pki-test-XXXXXX";
    directory_ = ::mkdtemp(name);
  }
  ~TestPki() { std::filesystem::remove_all(directory_); }
  TestPki(const TestPki&) = delete;
  TestPki& operator=(const TestPki&) = delete;

  std::string key(const std::string& name) const { return directory_ / (name + "-privkey.pem"); }
  std::string certificate(const std::string& name) const { return directory_ / (name + "-cert.pem"); }

  // Signed by itself.
  void make_ca(const std::string& name) { make(name, name); }
  // With the name as its common name. `issuer` was made before.
  void make(const std::string& name, const std::string& issuer) {
    Identity identity{Key(EVP_EC_gen("P-256"), &EVP_PKEY_free), Certificate(X509_new(), &X509_free)};
    auto* certificate = identity.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), static_cast<long>(identities_.size()) + 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86'400);
    X509_set_pubkey(certificate, identity.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    const bool is_ca = name == issuer;
    auto* constraint =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_basic_constraints, is_ca ? "critical,CA:TRUE" : "CA:FALSE");
    X509_add_ext(certificate, constraint, -1);
    X509_EXTENSION_free(constraint);
    const auto& signer = is_ca ? identity : identities_.at(issuer);
    X509_set_issuer_name(certificate, X509_get_subject_name(signer.certificate.get()));
    EXPECT_GT(X509_sign(certificate, signer.key.get(), EVP_sha256()), 0);
    write(identity, name);
    identities_.insert_or_assign(name, std::move(identity));
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
  using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
  struct Identity {
    Key key;
    Certificate certificate;
  };

  void write(const Identity& identity, const std::string& name) const {
    const auto with_file = [](const std::string& path, auto write) {
      const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "w"), &std::fclose);
      EXPECT_EQ(write(file.get()), 1);
    };
    with_file(key(name), [&](FILE* file) {
      return PEM_write_PrivateKey(file, identity.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    with_file(certificate(name), [&](FILE* file) { return PEM_write_X509(file, identity.certificate.get()); });
  }

  std::filesystem::path directory_;
  std::map<std::string, Identity> identities_;
};

}  // namespace weft::stream
