// IP addresses in netlink messages: 4 or 16 bytes, by family.
#pragma once

#include <libmnl/libmnl.h>

#include "wire/ip_address.hpp"

namespace weft::kernel {

inline void put_address(nlmsghdr* message, std::uint16_t type, const IpAddress& address) {
  const auto v4 = address.v4();
  if (address.is_v4()) {
    mnl_attr_put(message, type, v4.size(), v4.data());
  } else {
    mnl_attr_put(message, type, address.mapped().size(), address.mapped().data());
  }
}

// None where the length is neither.
inline std::optional<IpAddress> address_of(const nlattr* attribute) {
  return IpAddress::from_bytes(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));
}

}  // namespace weft::kernel
