#include "wire/frame.hpp"

#include <fmt/format.h>

namespace weft {
namespace {

Network decode_network(std::uint16_t type, WireReader& in) {
  auto reader = in;
  if (type == type_arp) {
    const auto arp = decode_arp(reader);
    if (!arp) return {};
    in = WireReader({});  // What follows is padding.
    return *arp;
  }
  if (type != type_ipv4 && type != type_ipv6) return {};
  const auto header = type == type_ipv4 ? decode_ipv4(reader) : decode_ipv6(reader);
  // An IPv4-mapped address on the wire is neither here nor there.
  if (!header || header->source.is_v4() != (type == type_ipv4) || header->destination.is_v4() != (type == type_ipv4)) {
    return {};
  }
  in = reader;
  return IpPacket{.header = *header, .transport = decode_transport(*header, in)};
}

}  // namespace

Bytes encode(const Frame& frame) {
  WireWriter out;
  encode(frame.ethernet, out);
  if (const auto* arp = std::get_if<ArpPacket>(&frame.network)) {
    encode(*arp, out);
  } else if (const auto* ip = std::get_if<IpPacket>(&frame.network)) {
    encode(ip->header, header_bytes_of(ip->transport) + frame.data_bytes, out);
    encode(ip->transport, ip->header, Bytes(frame.data_bytes), out);
  } else {
    out.zeros(frame.data_bytes);
  }
  return out.take();
}

Result<Frame> decode_frame(ByteView bytes) {
  WireReader in(bytes);
  auto ethernet = decode_ethernet(in);
  if (!ethernet) {
    return fail("bad frame", fmt::format("{} bytes are less than an Ethernet header, which has {}, and 4 more for each "
                                         "VLAN tag",
                                         bytes.size(), ethernet_header_bytes));
  }
  Frame frame{.ethernet = *std::move(ethernet)};
  frame.network = decode_network(frame.ethernet.type, in);
  frame.data_bytes = in.rest().size();
  return frame;
}

}  // namespace weft
