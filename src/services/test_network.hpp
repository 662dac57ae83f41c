// For tests: a network as the tutorial has it, and guests who ask in it.
#pragma once

#include "model/served.hpp"
#include "services/network.hpp"
#include "services/request.hpp"
#include "wire/datagram.hpp"
#include "wire/dhcp4.hpp"

namespace weft::services {

inline const NetworkKey test_key{.bridge = "lu-br0"};
inline constexpr std::int64_t test_now_s = 1'700'000'000;

inline IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }
inline MacAddress mac(std::uint8_t number) { return MacAddress({2, 0, 0, 0, 0, number}); }

inline model::ServedNetwork test_served() {
  return {.subnet4 = Subnet::parse("192.168.100.0/24"), .subnet6 = Subnet::parse("fd00:100::/64")};
}
inline Network test_network() { return {test_served(), 1450}; }
inline Client client(std::uint8_t number) {
  return {.network = test_key, .device = fmt::format("veth{}", number), .mac = mac(number)};
}

inline Request request_of(std::uint8_t number, ByteView frame) {
  return {.key = test_key, .device = client(number).device, .frame = frame, .now_ms = test_now_s * 1000};
}

}  // namespace weft::services
