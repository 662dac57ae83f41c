// Sees the tunnel's packets on an underlay device, as they come and go, whatever the host's firewall does with them.
#pragma once

#include <deque>

#include "prober/frame_socket.hpp"
#include "prober/tunnel_packet.hpp"

namespace weft::prober {

// More are not kept: a loop in the network must not grow us.
inline constexpr std::size_t captured_max = 4096;

class UnderlayTap final : private FrameSocket {
 public:
  UnderlayTap(std::uint16_t udp_port, RunId run) : udp_port_(udp_port), run_(run) {}

  // Of the namespace that we are in. Errors: no such device.
  Result<> open(Loop& loop, const std::string& device);
  // Those with test frames of this run.
  const std::vector<Captured>& captured() const { return captured_; }

 private:
  void take(ByteView packet, bool is_outgoing) override;

  std::uint16_t udp_port_;
  RunId run_;
  std::vector<Captured> captured_;
};

}  // namespace weft::prober
