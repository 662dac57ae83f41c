// DHCPv6 messages from whoever is behind a port: whatever is taken can be sent and reads as the same message.
#include "base/check.hpp"
#include "wire/dhcp6.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (const auto message = weft::decode_dhcp6({data, size}))
    CHECK(weft::decode_dhcp6(weft::encode(*message)) == message);
  return 0;
}
