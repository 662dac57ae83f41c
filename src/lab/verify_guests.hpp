// What a virtual machine reaches, asked from within by a few words for its shell. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/verify_roll.hpp"

namespace weft::lab {

// For /bin/sh in the guest, busybox or any other: tells of its devices and their addresses, pings all others of its
// network at once, small and as large as the network carries, and tells of each.
std::string guest_questions(const Roll& roll, std::uint32_t guest);

// The rows that its output amounts to. TCP and frames are not asked in a guest.
std::vector<prober::Row> guest_rows(const Roll& roll, std::uint32_t guest, std::string_view output);
// Its device, found by the MAC address or as the only one. None: it told of none.
std::optional<prober::Found> guest_found(const Roll& roll, std::uint32_t guest, std::string_view output);

}  // namespace weft::lab
