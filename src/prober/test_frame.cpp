#include "prober/test_frame.hpp"

#include "wire/arp.hpp"
#include "wire/checksum.hpp"
#include "wire/ethernet.hpp"
#include "wire/transport.hpp"

namespace weft::prober {
namespace {

constexpr std::uint32_t magic = 0x77656674;  // "weft"
constexpr std::size_t shortest_frame_bytes = 60;
constexpr MacAddress broadcast({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});

// Neighbour discovery (RFC 4861).
constexpr std::uint8_t solicitation = 135;
constexpr std::uint8_t advertisement = 136;
constexpr std::uint8_t source_link_address = 1;
constexpr std::uint8_t target_link_address = 2;
constexpr std::uint8_t hop_limit = 255;  // Of all its packets: so none comes from beyond a router.

Bytes padded(WireWriter& out, std::size_t frame_bytes) {
  if (out.size() < frame_bytes) out.zeros(frame_bytes - out.size());
  return out.take();
}

Bytes arp_request(const Endpoint& asker, const Endpoint& target) {
  WireWriter out;
  encode(EthernetHeader{.destination = broadcast, .source = asker.mac, .type = type_arp}, out);
  encode(ArpPacket{.operation = ArpPacket::request,
                   .sender_mac = asker.mac,
                   .sender = *asker.address4,
                   .target = *target.address4},
         out);
  return padded(out, shortest_frame_bytes);
}

Bytes neighbour_solicitation(const Endpoint& asker, const Endpoint& target) {
  const auto& wanted = target.address6->mapped();
  // The group of all whose address ends in the same 24 bits (RFC 4291 section 2.7.1), and its Ethernet address
  // (RFC 2464 section 7).
  const IpAddress group(
      std::array<std::uint8_t, 16>{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, wanted[13], wanted[14], wanted[15]});
  const MacAddress group_mac({0x33, 0x33, 0xff, wanted[13], wanted[14], wanted[15]});

  WireWriter content;
  content.u8(solicitation);
  content.u8(0);
  content.u16(0);  // The checksum.
  content.u32(0);
  content.bytes(wanted);
  content.u8(source_link_address);
  content.u8(1);  // Times 8 bytes.
  content.bytes(asker.mac.bytes());
  Checksum checksum;
  checksum.add_pseudo_header(*asker.address6, group, protocol_icmpv6, content.size());
  checksum.add(content.from(0));
  content.set_u16(2, checksum.value());

  WireWriter out;
  encode(EthernetHeader{.destination = group_mac, .source = asker.mac, .type = type_ipv6}, out);
  encode(IpHeader{.source = *asker.address6, .destination = group, .protocol = protocol_icmpv6, .ttl = hop_limit},
         content.size(), out);
  out.bytes(content.from(0));
  return out.take();
}

std::optional<NeighbourAnswer> read_advertisement(WireReader& in) {
  const auto header = decode_ipv6(in);
  if (!header || header->protocol != protocol_icmpv6 || in.u8() != advertisement) return std::nullopt;
  in.take(7);  // Code, checksum, flags.
  NeighbourAnswer answer;
  answer.address = IpAddress(in.array<16>());
  while (in.is_whole() && !in.rest().empty()) {
    const auto type = in.u8();
    const std::size_t option_bytes = in.u8() * std::size_t{8};
    if (option_bytes == 0) return std::nullopt;
    const auto option = in.take(option_bytes - 2);
    if (type != target_link_address || option.size() < 6) continue;
    answer.mac = MacAddress(WireReader(option).array<6>());
    return answer;
  }
  return std::nullopt;
}

}  // namespace

Bytes encode(const TestFrame& frame, std::size_t frame_bytes) {
  WireWriter out;
  encode(EthernetHeader{.destination = frame.destination, .source = frame.source, .type = type_experimental}, out);
  out.u32(magic);
  out.u32(static_cast<std::uint32_t>(frame.run >> 32U));
  out.u32(static_cast<std::uint32_t>(frame.run));
  out.u32(frame.from);
  out.u32(frame.to);
  return padded(out, frame_bytes);
}

std::optional<TestFrame> decode_test_frame(ByteView bytes) {
  WireReader in(bytes);
  const auto ethernet = decode_ethernet(in);
  if (!ethernet || ethernet->type != type_experimental || in.u32() != magic) return std::nullopt;
  TestFrame frame{.source = ethernet->source, .destination = ethernet->destination};
  const RunId high = in.u32();
  frame.run = high << 32U | in.u32();
  frame.from = in.u32();
  frame.to = in.u32();
  if (!in.is_whole()) return std::nullopt;
  return frame;
}

Bytes encode_question(const Endpoint& asker, const Endpoint& target, bool is_ipv6) {
  return is_ipv6 ? neighbour_solicitation(asker, target) : arp_request(asker, target);
}

std::optional<NeighbourAnswer> decode_answer(ByteView bytes) {
  WireReader in(bytes);
  const auto ethernet = decode_ethernet(in);
  if (ethernet && ethernet->type == type_ipv6) return read_advertisement(in);
  if (!ethernet || ethernet->type != type_arp) return std::nullopt;
  const auto arp = decode_arp(in);
  if (!arp || arp->operation != ArpPacket::reply) return std::nullopt;
  return NeighbourAnswer{arp->sender, arp->sender_mac};
}

}  // namespace weft::prober
