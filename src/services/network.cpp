#include "services/network.hpp"

#include <algorithm>

namespace weft::services {

Network::Network(const model::ServedNetwork& served, std::uint32_t mtu_bytes)
    : served_(served), tunnel_mtu_bytes_(mtu_bytes) {
  for (const auto& [address, mac] : served_.neighbours) {
    const auto& within = subnet(family_of(address));
    if (within && within->contains(address)) by_mac_.try_emplace({mac, family_of(address)}, address);
  }
}

void Network::add_guest(const std::string& device, const model::Guest& guest) {
  guests_.insert_or_assign(device, guest);
  for (const auto& address : guest.addresses) owners_.try_emplace(address, device);
}

std::optional<std::uint32_t> Network::mtu_bytes() const {
  if (served_.mtu_bytes) return served_.mtu_bytes;
  return tunnel_mtu_bytes_ == 0 ? std::nullopt : std::optional(tunnel_mtu_bytes_);
}

const model::Guest* Network::guest(const std::string& device) const {
  const auto found = guests_.find(device);
  return found == guests_.end() ? nullptr : &found->second;
}

std::optional<IpAddress> Network::fixed_address(const std::string& device, const MacAddress& mac, Family family) const {
  const auto& within = subnet(family);
  if (!within) return std::nullopt;
  if (const auto* behind = guest(device); behind != nullptr && (!behind->mac || behind->mac == mac)) {
    const auto own = std::ranges::find_if(behind->addresses, [&](const auto& a) { return within->contains(a); });
    if (own != behind->addresses.end()) return *own;
  }
  const auto known = by_mac_.find({mac, family});
  if (known == by_mac_.end() || owners_.contains(known->second)) return std::nullopt;
  return known->second;
}

bool Network::is_reserved(const IpAddress& address) const {
  return address == served_.router4 || address == served_.router6 || owners_.contains(address) ||
         served_.neighbours.contains(address) || std::ranges::find(served_.dns, address) != served_.dns.end();
}

bool Network::is_managed6(const std::string& device) const {
  constexpr std::uint8_t slaac_bits = 64;
  const auto& within = *served_.subnet6;
  const auto* behind = guest(device);
  return within.prefix_bits() != slaac_bits ||
         (behind != nullptr &&
          std::ranges::any_of(behind->addresses, [&](const auto& address) { return within.contains(address); }));
}

std::optional<Network::Pool> Network::pool(Family family) const {
  const auto& within = subnet(family);
  if (!within) return std::nullopt;
  const bool is_limited = family == Family::ipv4 && served_.pool4_first && served_.pool4_last;
  if (!is_limited) return Pool{.first = within->host(0), .count = within->host_count()};
  const auto first = within->index_of(*served_.pool4_first), last = within->index_of(*served_.pool4_last);
  if (!first || !last || *last < *first) return std::nullopt;
  return Pool{.first = *served_.pool4_first, .count = *last - *first + 1};
}

}  // namespace weft::services
