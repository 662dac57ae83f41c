// From other_config and external_ids to what a bridge serves and who is behind a port
// (docs/design/0020-services.md has the table of keys). Pure. A value that is wrong is named in `error`, and counts as
// not there; the others hold.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "model/services.hpp"
#include "reconcile/configuration.hpp"

namespace weft::reconcile {

inline constexpr std::size_t most_dns_servers = 16;
inline constexpr std::size_t most_neighbours = 65536;  // Of one network.
inline constexpr std::size_t most_guest_addresses = 16;
inline constexpr std::size_t most_ssh_keys = 64;
inline constexpr std::size_t most_user_data_bytes = 65536;
inline constexpr std::uint32_t least_lease_s = 10, greatest_lease_s = 365 * 86400;
inline constexpr std::uint32_t least_served_mtu = 68, greatest_served_mtu = 65535;

struct ServedNetworks {
  std::map<std::uint16_t, model::ServedNetwork> networks = {};  // By VLAN; 0: frames without a tag.
  std::string error = {};                                       // Empty: nothing is wrong.
};
// `settings`: Bridge other_config. Keys that are about something else are not looked at.
ServedNetworks networks_of(const std::map<std::string, std::string>& settings);

struct GuestBehind {
  std::optional<model::Guest> guest = {};  // None: nothing is said.
  std::string error = {};
};
GuestBehind guest_of(const GuestConfig& config);

}  // namespace weft::reconcile
