// Any text is a list of rules or refused; whichever, the packet's way through it ends.
#include <cstdint>

#include "doctor/nft_ruleset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::doctor;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool is_incoming : {true, false}) {
    const TunnelPacket packet{
        .is_incoming = is_incoming, .device = "eth0", .destination = *weft::IpAddress::parse("239.0.0.1")};
    if (const auto firewall = read_nft_ruleset(text, packet, !is_incoming)) (void)judge_packet(*firewall);
  }
  return 0;
}
