// The MTU of internal devices for which none was asked: the least of their bridge's other ports, as Open vSwitch does
// it. A host that talks through the bridge's own port must not send what another port can't take.
//
// Kept up to date device by device, so that one more port costs no look at the others.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "model/desired.hpp"
#include "model/observed.hpp"
#include "plan/tunnel_index.hpp"

namespace weft::plan {

// In a bridge without other ports.
inline constexpr std::uint32_t default_mtu_bytes = 1500;

class BridgeMtus {
 public:
  // To be called after every change about the device, on either side, when `tunnels` has all of them. Adds to
  // `affected` the internal devices whose MTU is another now.
  void update(const std::string& device, const model::Desired& desired, const model::Observed& observed,
              const TunnelIndex& tunnels, std::set<std::string>& affected);
  std::uint32_t least_bytes(const std::string& bridge) const;

 private:
  struct Part {
    std::string bridge;
    std::uint32_t mtu_bytes = 0;  // What the device can take; 0: it follows the others.
    bool operator==(const Part&) const = default;
  };
  struct Bridge {
    std::map<std::uint32_t, std::size_t> counts;  // How many devices have which MTU.
    std::set<std::string> followers;
  };
  static std::optional<Part> part_of(const std::string& device, const model::Desired& desired,
                                     const model::Observed& observed, const TunnelIndex& tunnels);
  void leave(const std::string& device, std::set<std::string>& affected);
  void join(const std::string& device, const Part& part, std::set<std::string>& affected);

  std::map<std::string, Part> parts_;
  std::map<std::string, Bridge> bridges_;
};

}  // namespace weft::plan
