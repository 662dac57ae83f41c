// Whatever is in the files for TLS: they can be used, or are refused with the file's name.
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>

#include "base/check.hpp"
#include "base/unique_fd.hpp"
#include "stream/tls.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft;
  const UniqueFd file(::memfd_create("pem", MFD_CLOEXEC));
  CHECK(::write(file.get(), data, size) == static_cast<ssize_t>(size));
  const auto path = fmt::format("/proc/self/fd/{}", file.get());
  for (const auto& peer_ca_cert : {path, std::string()}) {
    const auto context = stream::make_tls_context(
        {.private_key = path, .certificate = path, .ca_cert = path, .peer_ca_cert = peer_ca_cert}, true);
    CHECK(context || context.error().details.find(path) != std::string::npos);
  }
  return 0;
}
