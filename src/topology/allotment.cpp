#include "topology/allotment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace weft::topology {
namespace {

using Indexes = std::vector<std::optional<std::uint32_t>>;  // By wish.

// Indexes of a subnet's hosts, from which some are taken.
class Free {
 public:
  Free(const Subnet& subnet, const std::set<std::uint32_t>& taken)
      : taken_(taken.begin(), taken.end()), count_(subnet.host_count() - static_cast<std::uint32_t>(taken.size())) {}

  std::uint32_t count() const { return count_; }
  // The index of the `position`-th that is free.
  std::uint32_t at(std::uint32_t position) const {
    auto index = position;
    for (const auto taken : taken_) {
      if (taken > index) break;
      ++index;
    }
    return index;
  }

 private:
  std::vector<std::uint32_t> taken_;  // Sorted.
  std::uint32_t count_;
};

// The position of each wish without an address; those beyond the end are given what is left.
Indexes positions_of(const std::vector<Wish>& wishes, std::uint32_t count) {
  std::map<std::size_t, std::uint64_t> groups;  // Numbered anew: only those that take part.
  std::uint64_t alone = 0;
  for (const auto& wish : wishes) {
    if (wish.address) continue;
    if (wish.group) {
      groups.emplace(*wish.group, groups.size());
    } else {
      ++alone;
    }
  }
  Indexes positions(wishes.size());
  std::set<std::uint64_t> used;
  std::vector<std::size_t> late;
  std::uint64_t next_alone = 0;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const auto& wish = wishes[i];
    if (wish.address) continue;
    const auto position = wish.group ? alone + wish.member * groups.size() + groups.at(*wish.group) : next_alone++;
    if (position >= count) {
      late.push_back(i);
      continue;
    }
    used.insert(position);
    positions[i] = static_cast<std::uint32_t>(position);
  }
  std::uint32_t next = 0;
  for (const auto i : late) {
    while (next < count && used.contains(next)) ++next;
    if (next < count) positions[i] = next++;
  }
  return positions;
}

// What the file names, checked: an index in the subnet for each wish that has one.
Indexes named_indexes(const Subnet& subnet, const std::vector<Wish>& wishes, const std::optional<IpAddress>& refused,
                      Complaints& complaints) {
  Indexes indexes(wishes.size());
  std::map<std::uint32_t, const Wish*> owners;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    const auto& wish = wishes[i];
    if (!wish.address) continue;
    const auto first = subnet.index_of(*wish.address);
    if (!first) {
      complaints.add(wish.place, fmt::format("{} is no host's address in {}, the network's subnet",
                                             wish.address->to_string(), subnet.to_string()));
      continue;
    }
    if (std::uint64_t{*first} + wish.member >= subnet.host_count()) {
      complaints.add(wish.place, fmt::format("from {} on, {} has no address for {}", wish.address->to_string(),
                                             subnet.to_string(), wish.name));
      continue;
    }
    const auto index = *first + wish.member;
    if (refused && subnet.index_of(*refused) == index) {
      complaints.add(wish.place, fmt::format("{} would have the router's address {}", wish.name, refused->to_string()));
      continue;
    }
    const auto [other, is_new] = owners.emplace(index, &wish);
    if (is_new) {
      indexes[i] = index;
    } else {
      complaints.add(wish.place,
                     fmt::format("{} would have {}, the address of {} on line {}", wish.name,
                                 subnet.host(index).to_string(), other->second->name, other->second->place.line));
    }
  }
  return indexes;
}

// Of those that are named none, what they have.
void keep(const Subnet& subnet, const std::vector<Wish>& wishes, std::set<std::uint32_t>& taken, Indexes& indexes) {
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (wishes[i].address || !wishes[i].kept) continue;
    const auto index = subnet.index_of(*wishes[i].kept);
    if (index && taken.insert(*index).second) indexes[i] = index;
  }
}

// The others have what their position gives them; where somebody keeps that, the first that is left.
void settle(const Indexes& positions, const Free& free, std::set<std::uint32_t>& taken, Indexes& indexes) {
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    if (indexes[i] || !positions[i]) continue;
    const auto index = free.at(*positions[i]);
    if (taken.insert(index).second) indexes[i] = index;
  }
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    if (indexes[i] || !positions[i]) continue;
    while (!taken.insert(next).second) ++next;
    indexes[i] = next;
  }
}

}  // namespace

std::vector<std::optional<IpAddress>> allot(const Subnet& subnet, const std::vector<Wish>& wishes,
                                            const std::optional<IpAddress>& refused,
                                            const std::vector<IpAddress>& reserved, Complaints& complaints) {
  const auto named = named_indexes(subnet, wishes, refused, complaints);
  std::set<std::uint32_t> taken;
  for (const auto& index : named) {
    if (index) taken.insert(*index);
  }
  auto spared = reserved;
  if (refused) spared.push_back(*refused);
  for (const auto& address : spared) {
    if (const auto index = subnet.index_of(address)) taken.insert(*index);
  }
  const Free free(subnet, taken);
  const auto positions = positions_of(wishes, free.count());
  const auto free_and_named = free.count() + (taken.size() - spared.size());
  auto indexes = named;
  keep(subnet, wishes, taken, indexes);
  settle(positions, free, taken, indexes);
  std::vector<std::optional<IpAddress>> given(wishes.size());
  bool is_full = false;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (indexes[i]) {
      given[i] = subnet.host(*indexes[i]);
    } else if (!wishes[i].address && !is_full) {
      is_full = true;  // Once is enough.
      complaints.add(wishes[i].place,
                     fmt::format("{}, the network's subnet, has no address left for {}; it has {} for {} endpoints",
                                 subnet.to_string(), wishes[i].name, free_and_named, wishes.size()));
    }
  }
  return given;
}

}  // namespace weft::topology
