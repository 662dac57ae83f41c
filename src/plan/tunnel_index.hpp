// Who bears which VNI on which UDP port, is wanted to, and which device each wanted tunnel is to run over. The kernel
// gives a VNI of a port and family to one vxlan device; whoever else wants it waits, and is to be told for whom.
//
// Kept up to date device by device, so that one more tunnel costs no look at the others.
#pragma once

#include <map>
#include <set>
#include <string>

#include "model/desired.hpp"
#include "model/observed.hpp"

namespace weft::plan {

class TunnelIndex {
 public:
  // To be called after every change about the device, on either side. Adds to `affected` the devices for which it may
  // make a difference.
  void update(const std::string& device, const model::Desired& desired, const model::Observed& observed,
              std::set<std::string>& affected);

  // The device that has what the tunnel `device` wants, or gets it first; null: nobody. Wanted tunnels that no device
  // bears yet get it in the order of their names.
  const std::string* find_rival(const std::string& device, const model::Desired& desired,
                                const model::Observed& observed) const;

 private:
  // Two of the same cannot be, whatever else they are.
  struct Key {
    std::uint32_t vni = 0;
    std::uint16_t dst_port = 0;
    bool is_ipv6 = false;
    bool takes_zero_checksum_v6 = false;
    auto operator<=>(const Key&) const = default;
  };
  struct Part {
    std::optional<Key> wanted = {}, present = {};
    std::string underlay = {};
    bool operator==(const Part&) const = default;
  };
  struct Names {
    std::set<std::string> wanted = {}, present = {};
  };
  static std::optional<Key> wanted_key(const std::string& device, const model::Desired& desired);
  static std::optional<Key> present_key(const std::string& device, const model::Observed& observed);
  void leave(const std::string& device, const Part& part);
  void join(const std::string& device, const Part& part);

  std::map<std::string, Part> parts_;  // Of what has any.
  std::map<Key, Names> names_;
  std::map<std::string, std::set<std::string>> tunnels_over_;  // By the name of their underlay device.
};

}  // namespace weft::plan
