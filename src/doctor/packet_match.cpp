#include "doctor/packet_match.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "wire/subnet.hpp"

namespace weft::doctor {
namespace {

Applies yes_if(bool is_so) { return is_so ? Applies::yes : Applies::no; }

std::optional<std::uint32_t> number_of(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

Applies compare_port(std::uint16_t port, std::string_view value) {
  const auto separator = value.find_first_of("-:");
  if (separator == std::string_view::npos) {
    const auto number = number_of(value);
    return number ? yes_if(*number == port) : Applies::perhaps;  // "ssh": services have names, too.
  }
  const auto low = number_of(value.substr(0, separator));
  const auto high = number_of(value.substr(separator + 1));
  return low && high ? yes_if(*low <= port && port <= *high) : Applies::perhaps;
}

Applies compare_device(std::string_view device, std::string_view value) {
  const bool is_pattern = value.ends_with('*') || value.ends_with('+');
  if (device.empty()) return value == "lo" ? Applies::no : Applies::perhaps;
  return yes_if(is_pattern ? device.starts_with(value.substr(0, value.size() - 1)) : device == value);
}

Applies compare_address(const IpAddress& address, std::string_view value) {
  if (address.is_unspecified()) return Applies::perhaps;
  if (const auto subnet = Subnet::parse(value)) return yes_if(subnet->contains(address));
  const auto one = IpAddress::parse(value);
  return one ? yes_if(*one == address) : Applies::perhaps;
}

// Who sends is not known: but nobody does from an address of this kind.
Applies compare_source(std::string_view value) {
  const auto subnet = Subnet::parse(value);
  const auto address = subnet ? std::optional(subnet->first()) : IpAddress::parse(value);
  const bool is_nobody = address && (address->is_loopback() || address->is_multicast());
  return is_nobody ? Applies::no : Applies::perhaps;
}

Applies compare_kind(const IpAddress& destination, std::string_view value) {
  if (destination.is_unspecified()) return Applies::perhaps;
  std::string kind(value);
  std::ranges::transform(kind, kind.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (kind == "multicast") return yes_if(destination.is_multicast());
  if (kind == "broadcast") return Applies::no;
  return kind == "local" || kind == "host" || kind == "unicast" ? yes_if(!destination.is_multicast())
                                                                : Applies::perhaps;
}

}  // namespace

Applies compare_field(const TunnelPacket& packet, PacketField field, std::string_view value) {
  switch (field) {
    case PacketField::protocol:
      return yes_if(value == "udp" || value == "17" || value == "all" || value == "0");
    case PacketField::destination_port:
      return compare_port(packet.udp_port, value);
    case PacketField::in_device:
      return packet.is_incoming ? compare_device(packet.device, value) : Applies::no;
    case PacketField::out_device:
      return packet.is_incoming ? Applies::no : compare_device(packet.device, value);
    case PacketField::destination4:
      return packet.is_ipv6 ? Applies::no : compare_address(packet.destination, value);
    case PacketField::destination6:
      return packet.is_ipv6 ? compare_address(packet.destination, value) : Applies::no;
    case PacketField::source4:
      return packet.is_ipv6 ? Applies::no : compare_source(value);
    case PacketField::source6:
      return packet.is_ipv6 ? compare_source(value) : Applies::no;
    case PacketField::family:
      return yes_if(value == (packet.is_ipv6 ? "ipv6" : "ipv4") || value == (packet.is_ipv6 ? "ip6" : "ip"));
    case PacketField::connection_state:
      // Of the first packet; those that follow depend on it.
      return yes_if(value == "new" || value == "NEW");
    case PacketField::destination_kind:
      return compare_kind(packet.destination, value);
    case PacketField::of_another_protocol:
      return Applies::no;
    case PacketField::unknown:
      return Applies::perhaps;
  }
  std::unreachable();
}

}  // namespace weft::doctor
