#include "wire/mac_address.hpp"

#include <fmt/format.h>

#include <charconv>

namespace weft {

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  if (text.size() != 17) return std::nullopt;
  std::array<std::uint8_t, 6> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto pair = text.substr(3 * i, 2);
    const auto [end, error] = std::from_chars(pair.data(), pair.data() + 2, bytes[i], 16);
    if (error != std::errc{} || end != pair.data() + 2) return std::nullopt;
    if (i + 1 < bytes.size() && text[3 * i + 2] != ':') return std::nullopt;
  }
  return MacAddress(bytes);
}

std::string MacAddress::to_string() const { return fmt::format("{:02x}", fmt::join(bytes_, ":")); }

}  // namespace weft
