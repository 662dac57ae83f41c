#include "topology/stable_names.hpp"

#include <fmt/format.h>

#include <array>

namespace weft::topology {
namespace {

constexpr std::size_t device_bytes_max = 15;
constexpr std::size_t hash_digits = 5;

// FNV-1a, then the finalizer of MurmurHash3: short names that differ in one letter differ in every byte.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
  hash = (hash ^ (hash >> 33U)) * 0xc4ceb9fe1a85ec53U;
  return hash ^ (hash >> 33U);
}

}  // namespace

MacAddress stable_mac(std::string_view lab, std::string_view endpoint, std::uint32_t attempt) {
  auto text = fmt::format("{}/{}", lab, endpoint);
  if (attempt != 0) text += fmt::format("/{}", attempt);
  const auto hash = hash_of(text);
  std::array<std::uint8_t, 6> bytes = {0x02};
  for (std::size_t i = 1; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(hash >> (8 * (i - 1)));
  return MacAddress(bytes);
}

std::string device_name(std::string_view name) {
  if (name.size() <= device_bytes_max) return std::string(name);
  const auto digits = fmt::format("{:016x}", hash_of(name)).substr(0, hash_digits);
  return fmt::format("{}{}", name.substr(0, device_bytes_max - hash_digits), digits);
}

}  // namespace weft::topology
