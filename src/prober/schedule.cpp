#include "prober/schedule.hpp"

#include <algorithm>
#include <map>

namespace weft::prober {
namespace {

bool is_asked(const Endpoint& who, const Endpoint& other, Probe probe) {
  const bool is_same_network = who.network == other.network;
  switch (probe) {
    case Probe::flood:
      return is_same_network && !other.is_guest;
    case Probe::stranger:
      return !is_same_network && !other.is_guest;
    default:
      return is_same_network && has_address(who, is_ipv6(probe)) && has_address(other, is_ipv6(probe));
  }
}

// Once around the network, each asks the next, and the next but one where that one is a guest, which asks nobody: so
// each has to answer once.
std::vector<std::uint32_t> next_in_ring(const Endpoints& all, const std::vector<std::uint32_t>& others,
                                        std::uint32_t endpoint) {
  std::vector<std::uint32_t> next;
  const auto first = static_cast<std::size_t>(std::ranges::upper_bound(others, endpoint) - others.begin());
  for (std::size_t i = 0; i < others.size(); ++i) {
    next.push_back(others[(first + i) % others.size()]);
    if (!all[next.back()].is_guest) break;
  }
  return next;
}

}  // namespace

bool has_address(const Endpoint& endpoint, bool is_ipv6) {
  return is_ipv6 ? endpoint.address6.has_value() : endpoint.address4.has_value();
}

std::vector<std::uint32_t> targets(const Endpoints& all, std::uint32_t endpoint, Probe probe) {
  std::vector<std::uint32_t> others;
  if (all[endpoint].is_guest) return others;
  for (std::uint32_t other = 0; other < all.size(); ++other) {
    if (other != endpoint && is_asked(all[endpoint], all[other], probe)) others.push_back(other);
  }
  const bool is_resolution = probe == Probe::resolve4 || probe == Probe::resolve6;
  return is_resolution ? next_in_ring(all, others, endpoint) : others;
}

std::vector<std::uint32_t> strangers_tried(const Endpoints& all, std::uint32_t endpoint) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> by_network;
  for (const auto other : targets(all, endpoint, Probe::stranger)) by_network[all[other].network].push_back(other);
  std::vector<std::uint32_t> tried;
  for (const auto& [network, members] : by_network) tried.push_back(members[endpoint % members.size()]);
  return tried;
}

std::size_t neighbour_count(const Endpoints& all) {
  std::map<std::uint32_t, std::size_t> members;
  for (const auto& endpoint : all) ++members[endpoint.network];
  std::size_t count = 0;
  for (const auto& [network, size] : members) count += size * (size - 1);
  return count;
}

}  // namespace weft::prober
