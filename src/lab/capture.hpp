// Packets of a device as a pcap file (the format of libpcap's savefile(5)), by a socket of packet(7).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "base/error.hpp"

namespace weft::lab {

// The word of `weft lab-capture DEVICE`, which writes to standard output until it is ended.
inline constexpr const char* capture_word = "lab-capture";
inline constexpr std::uint32_t capture_bytes_max = 262144;  // Of one packet; more is cut off, and said so.

std::string pcap_header();
// `seconds`, `microseconds`: since 1970. `length_bytes`: of the whole packet.
std::string pcap_packet(std::uint32_t seconds, std::uint32_t microseconds, std::span<const unsigned char> bytes,
                        std::uint32_t length_bytes);

// Returns when nobody reads any more. Errors: no such device, not root.
Result<> capture(const std::string& device, int out);

}  // namespace weft::lab
