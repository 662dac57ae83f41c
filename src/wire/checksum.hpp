// The Internet's checksum (RFC 1071), of IPv4, ICMP, UDP and TCP.
#pragma once

#include <cstdint>

#include "wire/ip_address.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

class Checksum {
 public:
  // A piece of odd length is only right as the last one.
  void add(ByteView bytes);
  void add(std::uint32_t number) { sum_ += (number >> 16) + (number & 0xffff); }
  // What belongs to the sum of UDP, TCP and ICMPv6 besides their own bytes (RFC 9293 section 3.1, RFC 8200
  // section 8.1).
  void add_pseudo_header(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                         std::size_t length_bytes);
  std::uint16_t value() const;

 private:
  std::uint64_t sum_ = 0;
};

}  // namespace weft
