// Which ports are tunnels that may take the fast path or refuse unknown remotes, and which devices must be watched for
// their packets.
//
// Kept up to date device by device. Two tunnels whose frames look the same (the same VNI on two underlays) cannot be
// told apart before the kernel has: neither of them takes the fast path.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace weft::plan {

class FastTunnels {
 public:
  // To be called after every change about the device, on either side. Adds to `affected` the other devices for which
  // find() answers otherwise now, and to `underlays` the ifindexes for which is_underlay() may.
  void update(const std::string& device, const model::Desired& desired, const model::Observed& observed,
              std::set<std::string>& affected, std::set<int>& underlays);

  std::optional<model::FastTunnel> find(const std::string& device) const;
  bool is_underlay(int ifindex) const { return underlays_.contains(ifindex); }

 private:
  using Key = std::tuple<std::uint32_t, std::uint16_t, bool>;
  struct Entry {
    model::FastTunnel tunnel;
    std::set<int> underlays;
    bool operator==(const Entry&) const = default;
  };
  static Key key_of(const model::FastTunnel& tunnel) { return {tunnel.vni, tunnel.dst_port, tunnel.is_ipv6}; }
  static std::optional<Entry> entry_of(const std::string& device, const model::Desired& desired,
                                       const model::Observed& observed);

  std::map<std::string, Entry> entries_;            // By device.
  std::map<Key, std::set<std::string>> devices_;    // Of the same frames.
  std::map<int, std::set<std::string>> underlays_;  // By ifindex: the devices whose packets come there.
};

}  // namespace weft::plan
