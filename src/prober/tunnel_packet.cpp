#include "prober/tunnel_packet.hpp"

#include "wire/ip.hpp"
#include "wire/transport.hpp"

namespace weft::prober {

std::optional<Captured> decode_tunnel_packet(ByteView packet, std::uint16_t udp_port, RunId run) {
  WireReader in(packet);
  const bool is_ipv4 = !packet.empty() && packet[0] >> 4 == 4;
  const auto ip = is_ipv4 ? decode_ipv4(in) : decode_ipv6(in);
  if (!ip || ip->is_fragment) return std::nullopt;
  const auto transport = decode_transport(*ip, in);
  const auto* udp = std::get_if<UdpHeader>(&transport);
  if (udp == nullptr || udp->destination_port != udp_port) return std::nullopt;
  in.u32();  // Flags.
  const auto vni = in.u32() >> 8U;
  const auto frame = decode_test_frame(in.rest());
  if (!frame || frame->run != run) return std::nullopt;
  return Captured{.source = ip->source,
                  .destination = ip->destination,
                  .vni = vni,
                  .from = frame->from,
                  .to = frame->to,
                  .bytes = static_cast<std::uint32_t>(packet.size())};
}

}  // namespace weft::prober
