#include "wire/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace weft {
namespace {

constexpr std::size_t longest_text = INET6_ADDRSTRLEN - 1;

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.empty() || text.size() > longest_text) return std::nullopt;
  const std::string terminated(text);
  std::array<std::uint8_t, 4> v4{};
  if (::inet_pton(AF_INET, terminated.c_str(), v4.data()) == 1) return IpAddress(v4);
  std::array<std::uint8_t, 16> v6{};
  if (::inet_pton(AF_INET6, terminated.c_str(), v6.data()) == 1) return IpAddress(v6);
  return std::nullopt;
}

std::optional<IpAddress> IpAddress::from_bytes(const void* bytes, std::size_t count) {
  std::array<std::uint8_t, 4> v4{};
  std::array<std::uint8_t, 16> v6{};
  if (count == v4.size()) {
    std::memcpy(v4.data(), bytes, count);
    return IpAddress(v4);
  }
  if (count != v6.size()) return std::nullopt;
  std::memcpy(v6.data(), bytes, count);
  return IpAddress(v6);
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (is_v4()) {
    ::inet_ntop(AF_INET, mapped_.data() + 12, text.data(), text.size());
  } else {
    ::inet_ntop(AF_INET6, mapped_.data(), text.data(), text.size());
  }
  return text.data();
}

bool IpAddress::is_v4() const {
  constexpr std::array<std::uint8_t, 12> prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(prefix.begin(), prefix.end(), mapped_.begin());
}

bool IpAddress::is_unspecified() const {
  return *this == IpAddress{} || *this == IpAddress(std::array<std::uint8_t, 4>{});
}

bool IpAddress::is_multicast() const { return is_v4() ? (mapped_[12] & 0xf0) == 0xe0 : mapped_[0] == 0xff; }

bool IpAddress::is_link_local() const { return !is_v4() && mapped_[0] == 0xfe && (mapped_[1] & 0xc0) == 0x80; }

bool IpAddress::is_loopback() const {
  constexpr IpAddress v6_loopback(std::array<std::uint8_t, 16>{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  return is_v4() ? mapped_[12] == 127 : *this == v6_loopback;
}

bool IpAddress::is_broadcast() const { return *this == IpAddress(std::array<std::uint8_t, 4>{255, 255, 255, 255}); }

}  // namespace weft
