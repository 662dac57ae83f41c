#include "wire/dhcp4.hpp"

#include <algorithm>

namespace weft {
namespace {

constexpr std::uint8_t boot_request = 1, boot_reply = 2;
constexpr std::uint8_t hardware_ethernet = 1, mac_bytes = 6;
constexpr std::size_t hardware_address_bytes = 16;
constexpr std::size_t server_name_bytes = 64, file_bytes = 128;
constexpr std::uint16_t broadcast_flag = 0x8000;
constexpr std::uint32_t cookie = 0x63825363;
constexpr std::size_t fixed_bytes = 240;       // In front of the options, with the cookie.
constexpr std::size_t least_bytes_sent = 300;  // Of BOOTP (RFC 1542 section 2.1): some relays and clients ask for it.
constexpr std::uint8_t pad = 0, end = 255;
constexpr std::uint8_t file_has_options = 1, server_name_has_options = 2;
constexpr std::size_t longest_value = 255;
constexpr std::size_t longest_joined_value = 1024;  // Of one option that is cut into several.
constexpr std::size_t overload_bytes = 3;

// False: an option is cut off.
bool read_options(WireReader in, std::map<Dhcp4Option, Bytes>& options) {
  while (!in.rest().empty()) {
    const auto code = in.u8();
    if (code == pad) continue;
    if (code == end) return true;
    const auto value = in.take(in.u8());
    if (!in.is_whole()) return false;
    auto& joined = options[static_cast<Dhcp4Option>(code)];
    if (joined.size() + value.size() > longest_joined_value) return false;
    joined.insert(joined.end(), value.begin(), value.end());
  }
  return true;
}

std::size_t encoded_bytes(const Bytes& value) {
  const auto pieces = std::max<std::size_t>(1, (value.size() + longest_value - 1) / longest_value);
  return value.size() + 2 * pieces;
}

void write_option(Dhcp4Option option, ByteView value, WireWriter& out) {
  do {
    const auto piece = value.first(std::min(value.size(), longest_value));
    out.u8(static_cast<std::uint8_t>(option));
    out.u8(static_cast<std::uint8_t>(piece.size()));
    out.bytes(piece);
    value = value.subspan(piece.size());
  } while (!value.empty());
}

// A field of the message that has room for options.
struct Room {
  std::size_t bytes;  // Less the byte that says the end.
  WireWriter out = {};

  bool has_room_for(const Bytes& value) const { return out.size() + encoded_bytes(value) <= bytes; }
  bool is_used() const { return out.size() != 0; }
  Bytes close(std::size_t padded_bytes) {
    if (is_used()) out.u8(end);
    if (out.size() < padded_bytes) out.zeros(padded_bytes - out.size());
    return out.take();
  }
};

std::vector<Dhcp4Option> in_order(const std::map<Dhcp4Option, Bytes>& options, const std::vector<Dhcp4Option>& order) {
  std::vector<Dhcp4Option> all;
  for (const auto option : order) {
    if (options.contains(option) && std::ranges::find(all, option) == all.end()) all.push_back(option);
  }
  for (const auto& [option, value] : options) {
    if (std::ranges::find(all, option) == all.end()) all.push_back(option);
  }
  return all;
}

}  // namespace

const Bytes* Dhcp4Message::find(Dhcp4Option option) const {
  const auto found = options.find(option);
  return found == options.end() ? nullptr : &found->second;
}

std::optional<IpAddress> Dhcp4Message::address(Dhcp4Option option) const {
  const auto* value = find(option);
  if (value == nullptr || value->size() != 4) return std::nullopt;
  return IpAddress::from_bytes(value->data(), value->size());
}

std::optional<std::uint16_t> Dhcp4Message::number(Dhcp4Option option) const {
  const auto* value = find(option);
  if (value == nullptr || value->size() != 2) return std::nullopt;
  return WireReader(*value).u16();
}

void Dhcp4Message::put_u16(Dhcp4Option option, std::uint16_t value) {
  WireWriter out;
  out.u16(value);
  options[option] = out.take();
}

void Dhcp4Message::put_u32(Dhcp4Option option, std::uint32_t value) {
  WireWriter out;
  out.u32(value);
  options[option] = out.take();
}

Bytes encode(const Dhcp4Message& message, std::size_t max_bytes, const std::vector<Dhcp4Option>& order) {
  Room main{.bytes = std::max(max_bytes, least_dhcp4_bytes) - fixed_bytes - overload_bytes - 1};
  Room file{.bytes = file_bytes - 1}, server_name{.bytes = server_name_bytes - 1};
  const std::uint8_t type[] = {static_cast<std::uint8_t>(message.type)};
  write_option(Dhcp4Option::type, type, main.out);
  for (const auto option : in_order(message.options, order)) {
    const auto& value = message.options.at(option);
    for (auto* room : {&main, &file, &server_name}) {
      if (!room->has_room_for(value)) continue;
      write_option(option, value, room->out);
      break;
    }
  }
  if (file.is_used() || server_name.is_used()) {
    const std::uint8_t where[] = {static_cast<std::uint8_t>((file.is_used() ? file_has_options : 0) |
                                                            (server_name.is_used() ? server_name_has_options : 0))};
    write_option(Dhcp4Option::overload, where, main.out);
  }
  WireWriter out;
  out.u8(message.is_reply ? boot_reply : boot_request);
  out.u8(hardware_ethernet);
  out.u8(mac_bytes);
  out.u8(0);  // Hops.
  out.u32(message.transaction);
  out.u16(0);  // Seconds.
  out.u16(message.wants_broadcast ? broadcast_flag : std::uint16_t{0});
  out.bytes(message.client.v4());
  out.bytes(message.yours.v4());
  out.zeros(4);  // Of the next server to boot from.
  out.bytes(message.relay.v4());
  out.bytes(message.mac.bytes());
  out.zeros(hardware_address_bytes - mac_bytes);
  out.bytes(server_name.close(server_name_bytes));
  out.bytes(file.close(file_bytes));
  out.u32(cookie);
  out.bytes(main.close(least_bytes_sent - fixed_bytes));
  return out.take();
}

std::optional<Dhcp4Message> decode_dhcp4(ByteView bytes) {
  WireReader in(bytes);
  Dhcp4Message message;
  const auto operation = in.u8();
  const bool is_ethernet = in.u8() == hardware_ethernet && in.u8() == mac_bytes;
  in.u8();  // Hops.
  message.is_reply = operation == boot_reply;
  message.transaction = in.u32();
  in.u16();  // Seconds.
  message.wants_broadcast = (in.u16() & broadcast_flag) != 0;
  message.client = IpAddress(in.array<4>());
  message.yours = IpAddress(in.array<4>());
  in.u32();
  message.relay = IpAddress(in.array<4>());
  message.mac = MacAddress(in.array<mac_bytes>());
  in.take(hardware_address_bytes - mac_bytes);
  const auto server_name = in.take(server_name_bytes);
  const auto file = in.take(file_bytes);
  const bool is_dhcp = in.u32() == cookie;
  if (!in.is_whole() || !is_ethernet || !is_dhcp || (operation != boot_request && operation != boot_reply)) {
    return std::nullopt;
  }
  auto& options = message.options;
  if (!read_options(in, options)) return std::nullopt;
  const auto overload = options.extract(Dhcp4Option::overload);
  const auto also_in = overload.empty() || overload.mapped().size() != 1 ? 0 : overload.mapped()[0];
  if ((also_in & file_has_options) != 0 && !read_options(WireReader(file), options)) return std::nullopt;
  if ((also_in & server_name_has_options) != 0 && !read_options(WireReader(server_name), options)) return std::nullopt;
  options.erase(Dhcp4Option::overload);
  const auto type = options.extract(Dhcp4Option::type);
  if (type.empty() || type.mapped().size() != 1) return std::nullopt;
  message.type = static_cast<Dhcp4Type>(type.mapped()[0]);
  if (message.type < Dhcp4Type::discover || message.type > Dhcp4Type::inform) return std::nullopt;
  return message;
}

}  // namespace weft
