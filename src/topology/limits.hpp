// What a lab file may hold at most; each limit has a test that reaches it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::topology {

inline constexpr std::size_t file_bytes_max = std::size_t{1} << 20U;        // Of the lab file.
inline constexpr std::size_t side_file_bytes_max = std::size_t{64} << 10U;  // Of a file it names: user-data, a key.
inline constexpr std::size_t nodes_max = 200'000;  // Scalars, lists and mappings, with every alias followed.
inline constexpr std::size_t nesting_max = 16;     // Levels of lists and mappings; a lab needs six.
inline constexpr std::size_t hosts_max = 250;      // What a /24 of underlay addresses holds.
inline constexpr std::size_t networks_max = 1'000;
inline constexpr std::size_t endpoints_max = 10'000;
inline constexpr std::size_t complaints_max = 20;  // Told at once.

}  // namespace weft::topology
