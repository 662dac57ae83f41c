// What the datapath holds of tunnels: the maps `tunnels`, `remotes` and `underlays`.
#pragma once

#include <optional>
#include <set>
#include <unordered_map>

#include "base/error.hpp"
#include "kernel/port_table.hpp"
#include "model/fast_path.hpp"

namespace weft::kernel {

// How long an address may send past the host's stack after a frame of it came through it: less than the kernel
// remembers it, which hears nothing of the frames in between; 19 hours at most.
std::uint16_t admission_ticks(std::uint32_t ageing_s);

class FastPathTable {
 public:
  FastPathTable(int tunnels_fd, int remotes_fd, int underlays_fd)
      : tunnels_fd_(tunnels_fd), remotes_fd_(remotes_fd), underlays_fd_(underlays_fd) {}
  // What another process left there. A tunnel of a slot that is in no use is removed.
  Result<> adopt(const PortTable& ports);

  std::optional<model::FastTunnel> tunnel_of(Slot port) const;
  // In the place of what the port had. An error if another port has a tunnel of the same frames.
  Result<> set_tunnel(Slot port, const std::optional<model::FastTunnel>& tunnel);

  const std::set<int>& underlays() const { return underlays_; }  // By ifindex.
  Result<> add_underlay(int ifindex);
  void remove_underlay(int ifindex);

 private:
  Result<> adopt_remotes();
  Result<> set_remotes(Slot port, const std::set<IpAddress>& remotes, const std::set<IpAddress>& before);

  int tunnels_fd_, remotes_fd_, underlays_fd_;
  std::unordered_map<Slot, model::FastTunnel> tunnels_;
  std::set<int> underlays_;
};

}  // namespace weft::kernel
