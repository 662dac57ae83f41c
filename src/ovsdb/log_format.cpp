#include "ovsdb/log_format.hpp"

#include <openssl/evp.h>

#include <charconv>

#include "base/check.hpp"

namespace weft::ovsdb {

struct Sha1::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

Sha1::Sha1() : context_(std::make_unique<Context>()) {
  CHECK(context_->evp && EVP_DigestInit_ex(context_->evp, EVP_sha1(), nullptr) == 1);
}
Sha1::~Sha1() = default;

void Sha1::update(std::string_view bytes) { CHECK(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1); }

std::string Sha1::finish_hex() {
  Digest digest{};
  CHECK(EVP_DigestFinal_ex(context_->evp, digest.data(), nullptr) == 1);
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::optional<RecordHeader> RecordHeader::parse(std::string_view line) {
  const auto next_word = [&line] {
    const auto end = std::min(line.find(' '), line.size());
    const auto word = line.substr(0, end);
    line.remove_prefix(std::min(end + 1, line.size()));
    return word;
  };
  if (next_word() != "OVSDB") return std::nullopt;
  RecordHeader header;
  header.magic = next_word();
  const auto length = next_word();
  header.sha1 = line;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), header.length);
  const bool is_hex = header.sha1.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (error != std::errc{} || end != length.data() + length.size() || header.length == 0) return std::nullopt;
  if (header.sha1.size() != 40 || !is_hex) return std::nullopt;
  if (header.magic != standalone_magic && header.magic != cluster_magic) return std::nullopt;
  std::ranges::transform(header.sha1, header.sha1.begin(), [](unsigned char c) { return std::tolower(c); });
  return header;
}

std::string record_sha1(std::string_view json) {
  Sha1 sha1;
  sha1.update(json);
  sha1.update("\n");
  return sha1.finish_hex();
}

std::string make_record(std::string_view json, std::string_view sha1, std::string_view magic) {
  return fmt::format("OVSDB {} {} {}\n{}\n", magic, json.size() + 1, sha1, json);
}

}  // namespace weft::ovsdb
