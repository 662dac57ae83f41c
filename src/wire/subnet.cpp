#include "wire/subnet.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "base/check.hpp"

namespace weft {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr std::uint8_t v4_bits_before = 96;  // Of the mapped form.
constexpr std::uint32_t uncounted = std::numeric_limits<std::uint32_t>::max();

IpAddress make_address(const Bytes& mapped, bool is_v4) {
  if (!is_v4) return IpAddress(mapped);
  return IpAddress(std::array<std::uint8_t, 4>{mapped[12], mapped[13], mapped[14], mapped[15]});
}

int mapped_bits(const IpAddress& address, std::uint8_t prefix_bits) {
  return prefix_bits + (address.is_v4() ? v4_bits_before : 0);
}

// `mapped` with all bits after the first `kept` as `ones` says.
Bytes with_rest(Bytes mapped, int kept, bool ones) {
  for (int i = 0; i < 16; ++i) {
    const int bits_here = std::clamp(kept - i * 8, 0, 8);
    const auto rest = static_cast<std::uint8_t>(0xffU >> static_cast<unsigned>(bits_here));
    mapped[i] = static_cast<std::uint8_t>(ones ? mapped[i] | rest : mapped[i] & ~rest);
  }
  return mapped;
}

Bytes plus(Bytes mapped, std::uint32_t number) {
  std::uint64_t carry = number;
  for (int i = 15; i >= 0 && carry != 0; --i) {
    carry += mapped[i];
    mapped[i] = static_cast<std::uint8_t>(carry & 0xffU);
    carry >>= 8U;
  }
  return mapped;
}

struct Parts {
  IpAddress address;
  std::uint8_t prefix_bits;
};

std::optional<Parts> parse_parts(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = IpAddress::parse(text.substr(0, slash));
  const auto digits = text.substr(slash + 1);
  std::uint8_t bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!address || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (bits > (address->is_v4() ? 32 : 128)) return std::nullopt;
  return Parts{*address, bits};
}

}  // namespace

std::optional<Subnet> Subnet::parse(std::string_view text) {
  const auto parts = parse_parts(text);
  if (!parts) return std::nullopt;
  const auto subnet = around(parts->address, parts->prefix_bits);
  if (subnet.first() != parts->address) return std::nullopt;
  return subnet;
}

Subnet Subnet::around(const IpAddress& address, std::uint8_t prefix_bits) {
  CHECK(prefix_bits <= (address.is_v4() ? 32 : 128));
  const auto first = with_rest(address.mapped(), mapped_bits(address, prefix_bits), false);
  return {make_address(first, address.is_v4()), prefix_bits};
}

IpAddress Subnet::last() const {
  return make_address(with_rest(first_.mapped(), mapped_bits(first_, prefix_bits_), true), is_v4());
}

bool Subnet::contains(const IpAddress& address) const {
  return address.is_v4() == is_v4() && around(address, prefix_bits_) == *this;
}

std::uint32_t Subnet::host_count() const {
  const int free_bits = (is_v4() ? 32 : 128) - prefix_bits_;
  if (free_bits == 0) return 1;
  if (is_v4() && free_bits == 1) return 2;
  if (free_bits > 32) return uncounted;
  const auto all = std::uint64_t{1} << static_cast<unsigned>(free_bits);
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(all - (is_v4() ? 2 : 1), uncounted));
}

IpAddress Subnet::host(std::uint32_t index) const {
  CHECK(index < host_count());
  const int free_bits = (is_v4() ? 32 : 128) - prefix_bits_;
  const bool starts_at_first = free_bits == 0 || (is_v4() && free_bits == 1);
  const auto base = starts_at_first ? first_.mapped() : plus(first_.mapped(), 1);
  return make_address(plus(base, index), is_v4());
}

std::optional<std::uint32_t> Subnet::index_of(const IpAddress& host) const {
  if (!contains(host)) return std::nullopt;
  const auto begin = this->host(0).mapped();
  const auto& mapped = host.mapped();
  if (mapped < begin) return std::nullopt;
  if (!std::equal(mapped.begin(), mapped.begin() + 12, begin.begin())) return std::nullopt;
  std::uint64_t number = 0;
  std::uint64_t start = 0;
  for (int i = 12; i < 16; ++i) {
    number = number << 8U | mapped[i];
    start = start << 8U | begin[i];
  }
  if (number - start >= host_count()) return std::nullopt;
  return static_cast<std::uint32_t>(number - start);
}

std::string Subnet::to_string() const { return first_.to_string() + "/" + std::to_string(prefix_bits_); }

std::optional<InterfaceAddress> InterfaceAddress::parse(std::string_view text) {
  const auto parts = parse_parts(text);
  if (!parts) return std::nullopt;
  return InterfaceAddress{parts->address, parts->prefix_bits};
}

std::string InterfaceAddress::to_string() const { return address.to_string() + "/" + std::to_string(prefix_bits); }

}  // namespace weft
