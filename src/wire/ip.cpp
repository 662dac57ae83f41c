#include "wire/ip.hpp"

#include "wire/checksum.hpp"

namespace weft {
namespace {

constexpr std::size_t ipv4_header_bytes = 20;
constexpr std::size_t ipv4_checksum_place = 10;
constexpr std::uint16_t dont_fragment_flag = 0x4000;
constexpr std::uint16_t fragment_offset = 0x1fff;

void encode_ipv4(const IpHeader& header, std::size_t content_bytes, WireWriter& out) {
  const auto start = out.size();
  out.u8(0x45);
  out.u8(header.tos);
  out.u16(static_cast<std::uint16_t>(ipv4_header_bytes + content_bytes));
  out.u16(0);  // Identification.
  out.u16(header.dont_fragment ? dont_fragment_flag : std::uint16_t{0});
  out.u8(header.ttl);
  out.u8(header.protocol);
  out.u16(0);
  out.bytes(header.source.v4());
  out.bytes(header.destination.v4());
  Checksum checksum;
  checksum.add(out.from(start));
  out.set_u16(start + ipv4_checksum_place, checksum.value());
}

void encode_ipv6(const IpHeader& header, std::size_t content_bytes, WireWriter& out) {
  out.u32(6U << 28 | std::uint32_t{header.tos} << 20);
  out.u16(static_cast<std::uint16_t>(content_bytes));
  out.u8(header.protocol);
  out.u8(header.ttl);
  out.bytes(header.source.mapped());
  out.bytes(header.destination.mapped());
}

}  // namespace

void encode(const IpHeader& header, std::size_t content_bytes, WireWriter& out) {
  return header.source.is_v4() ? encode_ipv4(header, content_bytes, out) : encode_ipv6(header, content_bytes, out);
}

std::optional<IpHeader> decode_ipv4(WireReader& in) {
  IpHeader header;
  const auto version_and_length = in.u8();
  const std::size_t header_bytes = (version_and_length & 0xf) * std::size_t{4};
  header.tos = in.u8();
  const std::size_t all_bytes = in.u16();
  in.u16();
  const auto fragment = in.u16();
  header.dont_fragment = (fragment & dont_fragment_flag) != 0;
  header.is_fragment = (fragment & fragment_offset) != 0;
  header.ttl = in.u8();
  header.protocol = in.u8();
  in.u16();
  header.source = IpAddress(in.array<4>());
  header.destination = IpAddress(in.array<4>());
  const bool is_valid = version_and_length >> 4 == 4 && header_bytes >= ipv4_header_bytes && all_bytes >= header_bytes;
  if (!is_valid) return std::nullopt;
  in.take(header_bytes - ipv4_header_bytes);  // Options.
  if (!in.is_whole()) return std::nullopt;
  in.end_after(all_bytes - header_bytes);
  return header;
}

std::optional<IpHeader> decode_ipv6(WireReader& in) {
  IpHeader header;
  const auto first = in.u32();
  header.tos = static_cast<std::uint8_t>(first >> 20);
  const std::size_t content_bytes = in.u16();
  header.protocol = in.u8();
  header.ttl = in.u8();
  header.source = IpAddress(in.array<16>());
  header.destination = IpAddress(in.array<16>());
  if (first >> 28 != 6 || !in.is_whole()) return std::nullopt;
  in.end_after(content_bytes);
  return header;
}

}  // namespace weft
