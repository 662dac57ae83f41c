// DHCP messages from whoever is behind a port: whatever is taken can be sent, and reads as the same message where there
// is room for all of it.
#include "base/check.hpp"
#include "wire/dhcp4.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = weft::decode_dhcp4({data, size});
  if (!message) return 0;
  CHECK(weft::decode_dhcp4(weft::encode(*message, 65535, {})) == message);
  CHECK(weft::decode_dhcp4(weft::encode(*message, 0, {})));
  return 0;
}
