#include "wire/datagram.hpp"

namespace weft {
namespace {

constexpr std::size_t udp_header_bytes = 8;
constexpr std::size_t udp_length_place = 4;

}  // namespace

Bytes encode(const Datagram& datagram) {
  WireWriter out;
  auto ethernet = datagram.ethernet;
  ethernet.type = datagram.ip.destination.is_v4() ? type_ipv4 : type_ipv6;
  encode(ethernet, out);
  auto ip = datagram.ip;
  ip.protocol = protocol_udp;
  encode(ip, udp_header_bytes + datagram.payload.size(), out);
  encode(Transport(datagram.udp), ip, datagram.payload, out);
  return out.take();
}

std::optional<Datagram> decode_datagram(ByteView frame) {
  WireReader in(frame);
  const auto ethernet = decode_ethernet(in);
  if (!ethernet || (ethernet->type != type_ipv4 && ethernet->type != type_ipv6)) return std::nullopt;
  const auto ip = ethernet->type == type_ipv4 ? decode_ipv4(in) : decode_ipv6(in);
  if (!ip) return std::nullopt;
  const auto segment = in.rest();
  const auto transport = decode_transport(*ip, in);
  const auto* udp = std::get_if<UdpHeader>(&transport);
  if (udp == nullptr) return std::nullopt;
  const std::size_t bytes = segment[udp_length_place] << 8 | segment[udp_length_place + 1];
  if (bytes < udp_header_bytes || bytes > segment.size()) return std::nullopt;
  return Datagram{.ethernet = *ethernet,
                  .ip = *ip,
                  .udp = *udp,
                  .payload = segment.subspan(udp_header_bytes, bytes - udp_header_bytes)};
}

}  // namespace weft
