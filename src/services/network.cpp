#include "services/network.hpp"

#include <algorithm>

namespace weft::services {

Network::Network(const model::ServedNetwork& served, std::uint32_t mtu_bytes)
    : served_(served), tunnel_mtu_bytes_(mtu_bytes) {
  for (const auto& [address, mac] : served_.neighbours) {
    const auto& within = subnet(family_of(address));
    if (within && within->contains(address)) by_mac_.try_emplace({mac, family_of(address)}, address);
    reserve(address);
  }
  if (served_.router4) reserve(*served_.router4);
  if (served_.router6) reserve(*served_.router6);
  for (const auto& address : served_.dns) reserve(address);
}

void Network::add_guest(const std::string& device, const model::Guest& guest) {
  guests_.insert_or_assign(device, guest);
  for (const auto& address : guest.addresses) {
    owners_.try_emplace(address, device);
    reserve(address);
  }
}

void Network::reserve(const IpAddress& address) {
  if (!reserved_.insert(address).second || !is_in_pool(address)) return;
  ++(address.is_v4() ? reserved4_ : reserved6_);
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

bool Network::is_in_pool(const IpAddress& address) const {
  const auto family = family_of(address);
  const auto of = pool(family);
  if (!of) return false;
  const auto index = subnet(family)->index_of(address), first = subnet(family)->index_of(of->first);
  return index && first && *index >= *first && *index - *first < of->count;
}

}  // namespace weft::services
