// Leases as text, a line of JSON each, to be kept over restarts.
#pragma once

#include <string>
#include <string_view>

#include "services/lease_book.hpp"

namespace weft::services {

// Of a whole file; more is not read.
inline constexpr std::size_t longest_lease_text = 64 << 20;

std::string to_text(const std::vector<const Lease*>& leases);

struct ReadLeases {
  LeaseBook leases = {};
  std::size_t bad_lines = 0;      // That say no lease, or one that contradicts another. The others count.
  std::string first_reason = {};  // With its line's number.
};
ReadLeases read_leases(std::string_view text);

}  // namespace weft::services
