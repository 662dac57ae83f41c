#include "wire/transport.hpp"

#include "wire/checksum.hpp"

namespace weft {
namespace {

constexpr std::size_t udp_bytes = 8;
constexpr std::size_t tcp_bytes = 20;
constexpr std::size_t icmp_bytes = 8;
constexpr std::uint16_t tcp_window = 65535;

// Each writes its header, with a checksum of zero, and says where the checksum stands in it.
std::size_t write(std::monostate, std::size_t, WireWriter&) { return 0; }

std::size_t write(const UdpHeader& udp, std::size_t content_bytes, WireWriter& out) {
  out.u16(udp.source_port);
  out.u16(udp.destination_port);
  out.u16(static_cast<std::uint16_t>(udp_bytes + content_bytes));
  out.u16(0);
  return 6;
}

std::size_t write(const TcpHeader& tcp, std::size_t, WireWriter& out) {
  out.u16(tcp.source_port);
  out.u16(tcp.destination_port);
  out.u32(1);  // Sequence number.
  out.u32((tcp.flags & TcpHeader::ack) != 0 ? 1 : 0);
  out.u8(tcp_bytes / 4 << 4);
  out.u8(tcp.flags);
  out.u16(tcp_window);
  out.u32(0);
  return 16;
}

std::size_t write(const IcmpHeader& icmp, std::size_t, WireWriter& out) {
  out.u8(icmp.type);
  out.u8(icmp.code);
  out.u16(0);
  out.u32(1);  // Of an echo: identifier and sequence number.
  return 2;
}

Transport read_tcp(WireReader& in) {
  TcpHeader tcp{.source_port = in.u16(), .destination_port = in.u16()};
  in.take(8);
  const std::size_t header_bytes = (in.u8() >> 4) * std::size_t{4};
  tcp.flags = in.u8() & 0x3f;
  in.take(6);
  if (header_bytes < tcp_bytes) return {};
  in.take(header_bytes - tcp_bytes);  // Options.
  return tcp;
}

Transport read_udp(WireReader& in) {
  const UdpHeader udp{.source_port = in.u16(), .destination_port = in.u16()};
  in.u32();
  return udp;
}

Transport read_icmp(WireReader& in) {
  const IcmpHeader icmp{.type = in.u8(), .code = in.u8()};
  in.take(6);
  return icmp;
}

}  // namespace

std::uint8_t protocol_of(const Transport& transport, const IpAddress& address) {
  if (std::holds_alternative<UdpHeader>(transport)) return protocol_udp;
  if (std::holds_alternative<TcpHeader>(transport)) return protocol_tcp;
  if (std::holds_alternative<IcmpHeader>(transport)) return address.is_v4() ? protocol_icmp : protocol_icmpv6;
  return protocol_experimental;
}

std::size_t header_bytes_of(const Transport& transport) {
  if (std::holds_alternative<UdpHeader>(transport)) return udp_bytes;
  if (std::holds_alternative<TcpHeader>(transport)) return tcp_bytes;
  if (std::holds_alternative<IcmpHeader>(transport)) return icmp_bytes;
  return 0;
}

void encode(const Transport& transport, const IpHeader& ip, ByteView content, WireWriter& out) {
  const auto start = out.size();
  const auto checksum_place =
      std::visit([&](const auto& header) { return write(header, content.size(), out); }, transport);
  out.bytes(content);
  if (checksum_place == 0) return;
  Checksum checksum;
  const auto bytes = out.from(start);
  if (ip.protocol != protocol_icmp) {
    checksum.add_pseudo_header(ip.source, ip.destination, ip.protocol, bytes.size());
  }
  checksum.add(bytes);
  // Zero would say that there is none (RFC 768).
  const auto value = checksum.value();
  out.set_u16(start + checksum_place, value == 0 && ip.protocol == protocol_udp ? std::uint16_t{0xffff} : value);
}

Transport decode_transport(const IpHeader& ip, WireReader& in) {
  if (ip.is_fragment) return {};
  auto reader = in;
  Transport transport;
  const bool is_v4 = ip.source.is_v4();
  if (ip.protocol == protocol_udp) transport = read_udp(reader);
  if (ip.protocol == protocol_tcp) transport = read_tcp(reader);
  if (ip.protocol == (is_v4 ? protocol_icmp : protocol_icmpv6)) transport = read_icmp(reader);
  if (!reader.is_whole() || std::holds_alternative<std::monostate>(transport)) return {};
  in = reader;
  return transport;
}

}  // namespace weft
