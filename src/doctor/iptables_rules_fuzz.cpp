// Any text reads as rules, and the packet's way through them ends.
#include <cstdint>

#include "doctor/iptables_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft::doctor;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool is_incoming : {true, false}) {
    const TunnelPacket packet{
        .is_incoming = is_incoming, .device = "eth0", .destination = *weft::IpAddress::parse("239.0.0.1")};
    (void)judge_packet(read_iptables(text, packet));
  }
  return 0;
}
