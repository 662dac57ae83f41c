// Paths of metadata from whoever is behind a port.
#include "base/check.hpp"
#include "services/metadata.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view target(reinterpret_cast<const char*>(data), size);
  const weft::services::Instance instance{.id = "i-1", .hostname = "vm1", .ssh_keys = {"ssh-ed25519 A"}};
  for (const auto* method : {"GET", "PUT"})
    CHECK(weft::services::answer_metadata(method, target, instance).status >= 200);
  return 0;
}
