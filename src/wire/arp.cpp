#include "wire/arp.hpp"

#include "wire/ethernet.hpp"

namespace weft {
namespace {

constexpr std::uint16_t hardware_ethernet = 1;
constexpr std::uint16_t lengths = 0x0604;  // Of a MAC address, and of an IPv4 address.

}  // namespace

void encode(const ArpPacket& packet, WireWriter& out) {
  out.u16(hardware_ethernet);
  out.u16(type_ipv4);
  out.u16(lengths);
  out.u16(packet.operation);
  out.bytes(packet.sender_mac.bytes());
  out.bytes(packet.sender.v4());
  out.bytes(packet.target_mac.bytes());
  out.bytes(packet.target.v4());
}

std::optional<ArpPacket> decode_arp(WireReader& in) {
  const bool is_known = in.u16() == hardware_ethernet && in.u16() == type_ipv4 && in.u16() == lengths;
  ArpPacket packet;
  packet.operation = in.u16();
  packet.sender_mac = MacAddress(in.array<6>());
  packet.sender = IpAddress(in.array<4>());
  packet.target_mac = MacAddress(in.array<6>());
  packet.target = IpAddress(in.array<4>());
  const bool is_known_operation = packet.operation == ArpPacket::request || packet.operation == ArpPacket::reply;
  if (!is_known || !is_known_operation || !in.is_whole()) return std::nullopt;
  return packet;
}

}  // namespace weft
