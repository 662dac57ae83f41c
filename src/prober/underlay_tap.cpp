#include "prober/underlay_tap.hpp"

#include <net/if.h>
#include <netinet/in.h>

#include <array>

#include "base/system_error.hpp"

namespace weft::prober {
namespace {

// Only UDP to that port wakes us, or a busy underlay would. From the IP header on; IPv4 with any options, IPv6 without
// extension headers.
std::array<sock_filter, 14> filter_for(std::uint16_t udp_port) {
  return {{
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),  // The version; of 6, on to the eighth.
      BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 4), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 6, 5, 0),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 9),  // IPv4: the protocol, and the port behind the header.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 8), BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
      BPF_STMT(BPF_LD | BPF_H | BPF_IND, 2), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, udp_port, 4, 5),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 6),  // IPv6: the next header, and the port behind 40 bytes.
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 3), BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 42),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, udp_port, 0, 1), BPF_STMT(BPF_RET | BPF_K, 65535),  // The whole packet,
      BPF_STMT(BPF_RET | BPF_K, 0),                                                           // or nothing of it.
  }};
}

}  // namespace

Result<> UnderlayTap::open(Loop& loop, const std::string& device) {
  const auto index = static_cast<int>(::if_nametoindex(device.c_str()));
  if (index == 0) return fail_with_errno(fmt::format("cannot capture on {}", device));
  return FrameSocket::open(loop, index, Content::packets, filter_for(udp_port_));
}

void UnderlayTap::take(ByteView packet, bool is_outgoing) {
  auto captured = decode_tunnel_packet(packet, udp_port_, run_);
  if (!captured || captured_.size() == captured_max) return;
  captured->is_outgoing = is_outgoing;
  captured_.push_back(*captured);
}

}  // namespace weft::prober
