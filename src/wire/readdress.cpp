#include "wire/readdress.hpp"

#include "wire/checksum.hpp"
#include "wire/ip.hpp"

namespace weft {
namespace {

constexpr std::size_t least_header_bytes = 20, least_tcp_bytes = 20;
constexpr std::size_t fragment_place = 6, ip_checksum_place = 10, source_place = 12, destination_place = 16;
constexpr std::size_t tcp_checksum_place = 16;
constexpr std::uint8_t more_fragments = 0x20;

void set_checksum(std::span<std::uint8_t> place, const Checksum& checksum) {
  const auto value = checksum.value();
  place[0] = static_cast<std::uint8_t>(value >> 8);
  place[1] = static_cast<std::uint8_t>(value);
}

}  // namespace

std::optional<Bytes> readdress_tcp(ByteView packet, const IpAddress& source, const IpAddress& destination) {
  WireReader in(packet);
  const auto ip = decode_ipv4(in);
  const bool is_one = ip && ip->protocol == protocol_tcp && !ip->is_fragment && in.rest().size() >= least_tcp_bytes &&
                      (packet[fragment_place] & more_fragments) == 0;
  if (!is_one) return std::nullopt;
  const std::size_t header_bytes = (packet[0] & 0xf) * std::size_t{4};
  const std::size_t tcp_bytes = in.rest().size();
  if (header_bytes < least_header_bytes || header_bytes + tcp_bytes > packet.size()) return std::nullopt;

  Bytes result(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(header_bytes + tcp_bytes));
  const auto header = std::span(result).first(header_bytes), tcp = std::span(result).subspan(header_bytes);
  std::ranges::copy(source.v4(), header.begin() + source_place);
  std::ranges::copy(destination.v4(), header.begin() + destination_place);
  header[ip_checksum_place] = header[ip_checksum_place + 1] = 0;
  Checksum of_header;
  of_header.add(header);
  set_checksum(header.subspan(ip_checksum_place, 2), of_header);
  tcp[tcp_checksum_place] = tcp[tcp_checksum_place + 1] = 0;
  Checksum of_tcp;
  of_tcp.add_pseudo_header(source, destination, protocol_tcp, tcp_bytes);
  of_tcp.add(tcp);
  set_checksum(tcp.subspan(tcp_checksum_place, 2), of_tcp);
  return result;
}

}  // namespace weft
