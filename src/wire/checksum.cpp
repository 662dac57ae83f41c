#include "wire/checksum.hpp"

namespace weft {

void Checksum::add(ByteView bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) sum_ += i % 2 == 0 ? std::uint64_t{bytes[i]} << 8 : bytes[i];
}

void Checksum::add_pseudo_header(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                 std::size_t length_bytes) {
  for (const auto& address : {source, destination}) {
    if (address.is_v4()) {
      add(address.v4());
    } else {
      add(address.mapped());
    }
  }
  add(std::uint32_t{protocol});
  add(static_cast<std::uint32_t>(length_bytes));
}

std::uint16_t Checksum::value() const {
  auto sum = sum_;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace weft
