#include "inspect/quantity.hpp"

#include <fmt/format.h>

#include <array>

namespace weft::inspect {
namespace {

constexpr std::array<std::string_view, 6> prefixes = {"", "k", "M", "G", "T", "P"};

// The number, and the prefix of its unit.
std::pair<std::string, std::string_view> scale(double value) {
  std::size_t prefix = 0;
  // What would be rounded to four digits takes the next prefix.
  while (value >= 999.5 && prefix + 1 < prefixes.size()) {
    value /= 1000;
    ++prefix;
  }
  const int decimals = prefix == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return {fmt::format("{:.{}f}", value, decimals), prefixes[prefix]};
}

}  // namespace

std::string count_text(double count) {
  const auto [number, prefix] = scale(count);
  return prefix.empty() ? number : fmt::format("{} {}", number, prefix);
}

std::string bits_text(double bytes_per_second) {
  const auto [number, prefix] = scale(bytes_per_second * 8);
  return fmt::format("{} {}bit/s", number, prefix);
}

std::string bytes_text(double bytes) {
  const auto [number, prefix] = scale(bytes);
  return fmt::format("{} {}B", number, prefix);
}

}  // namespace weft::inspect
