#include "wire/ethernet.hpp"

namespace weft {

void encode(const EthernetHeader& header, WireWriter& out) {
  out.bytes(header.destination.bytes());
  out.bytes(header.source.bytes());
  for (const auto& tag : header.tags) {
    out.u16(tag.type);
    out.u16(tag.control());
  }
  out.u16(header.type);
}

std::optional<EthernetHeader> decode_ethernet(WireReader& in) {
  EthernetHeader header;
  header.destination = MacAddress(in.array<6>());
  header.source = MacAddress(in.array<6>());
  header.type = in.u16();
  while ((header.type == type_vlan || header.type == type_service_vlan) && header.tags.size() < max_vlan_tags) {
    const auto control = in.u16();
    header.tags.push_back({.type = header.type,
                           .vlan = static_cast<std::uint16_t>(control & max_vlan),
                           .priority = static_cast<std::uint8_t>(control >> 13),
                           .may_be_dropped = (control & 0x1000) != 0});
    header.type = in.u16();
  }
  if (!in.is_whole()) return std::nullopt;
  return header;
}

}  // namespace weft
