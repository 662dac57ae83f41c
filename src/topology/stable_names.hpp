// Names and addresses that a lab gives by itself: the same from the same file, on every machine and in every version.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "wire/mac_address.hpp"

namespace weft::topology {

// Locally administered, of one device (IEEE 802-2014 section 8.4). `attempt`: another one, where the first is taken.
MacAddress stable_mac(std::string_view lab, std::string_view endpoint, std::uint32_t attempt = 0);

// `name`, or where that is longer than a device's name may be, its beginning and a hash of it.
std::string device_name(std::string_view name);

}  // namespace weft::topology
