// Packets from whoever is behind a port, under other addresses: they can be turned back, and have the checksums that
// such packets have.
#include "base/check.hpp"
#include "wire/readdress.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto a = *weft::IpAddress::parse("198.18.0.1"), b = *weft::IpAddress::parse("169.254.169.254");
  const auto there = weft::readdress_tcp({data, size}, a, b);
  if (!there) return 0;
  CHECK(there->size() <= size);
  const auto again = weft::readdress_tcp(*there, a, b);
  CHECK(again == there);
  return 0;
}
