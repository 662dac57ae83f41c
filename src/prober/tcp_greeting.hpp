// What an endpoint says to who connects to it: who it is, and then so much that it takes several packets. Pure.
#pragma once

#include <fmt/format.h>

#include "prober/test_frame.hpp"

namespace weft::prober {

// Two packets and a half of what most networks carry; of jumbo frames, one.
inline constexpr std::size_t greeting_bytes = 4096;

inline std::string greeting_of(std::uint32_t endpoint, RunId run) {
  auto text = fmt::format("weft {} {}\n", endpoint, run);
  text.resize(greeting_bytes, '.');
  return text;
}

}  // namespace weft::prober
