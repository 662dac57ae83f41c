#include "services/lease_book.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::services {
namespace {

// FNV-1a: the same on every machine and in every version, and good enough to spread MACs over a pool. Who chooses a MAC
// to meet another's address gets the next free one.
std::uint32_t hash_of(const MacAddress& mac) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const auto byte : mac.bytes()) hash = (hash ^ byte) * 0x100000001b3;
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

}  // namespace

Result<std::optional<IpAddress>> LeaseBook::choose(const Client& client, const Network& network, Family family,
                                                   std::int64_t now_s, const std::optional<IpAddress>& wanted) const {
  const auto present = find(client.network, client.mac, family);
  if (present == nullptr) TRY(check_limits(client));
  if (const auto fixed = network.fixed_address(client.device, client.mac, family)) return fixed;
  const auto pool = network.pool(family);
  if (!pool) return std::nullopt;
  static const OfNetwork nothing;
  const auto found = networks_.find(client.network);
  const auto& of = found == networks_.end() ? nothing : found->second;
  if (present != nullptr && is_free(of, client, network, present->address, now_s)) return present->address;
  TRY(check_share(of, client, network, family));
  const bool is_wanted = wanted && family_of(*wanted) == family;
  if (is_wanted && is_free(of, client, network, *wanted, now_s)) return wanted;
  if (const auto address = first_free(of, client, network, family, now_s)) return address;
  return fail("no address",
              fmt::format("{}: no address is free in the pool of {} addresses from {} on for {}; "
                          "make the subnet or the pool larger, or the lease-time shorter",
                          client.network.bridge, pool->count, pool->first.to_string(), client.mac.to_string()));
}

Result<> LeaseBook::check_limits(const Client& client) const {
  const auto refuse = [&](std::size_t most, std::string_view of_what) {
    return fail("too many", fmt::format("{}: {} gets no address: {} has {} leases, which is the most there can be",
                                        client.device, client.mac.to_string(), of_what, most));
  };
  if (size_ >= most_leases) return refuse(most_leases, "the switch");
  const auto of = networks_.find(client.network);
  if (of == networks_.end()) return {};
  if (of->second.leases.size() >= most_leases_per_network) return refuse(most_leases_per_network, "the network");
  const auto port = of->second.by_device.find(client.device);
  if (port != of->second.by_device.end() && port->second.size() >= most_leases_per_port) {
    return refuse(most_leases_per_port, "the port");
  }
  return {};
}

// The last addresses of the pool are for those who have none.
Result<> LeaseBook::check_share(const OfNetwork& of, const Client& client, const Network& network, Family family) {
  const auto is_anothers = [&](const Key& key) { return key.second == family && key.first != client.mac; };
  const auto is_of_port = [&](const auto& declined) { return declined.second.device == client.device; };
  const auto port = of.by_device.find(client.device);
  const bool has_some = (port != of.by_device.end() && std::ranges::any_of(port->second, is_anothers)) ||
                        std::ranges::any_of(of.declined, is_of_port);
  const auto pool = *network.pool(family);
  const auto kept = pool.count / pool_parts, reserved = network.reserved_count(family);
  const auto most = pool.count - kept;  // Gone, for this port to get another.
  if (!has_some || of.holders.size() + of.declined.size() + reserved < most) return {};
  const auto& subnet = *network.subnet(family);
  const auto last = subnet.host(*subnet.index_of(pool.first) + pool.count - 1);
  const auto gone_of = [&](const auto& addresses) {
    return std::count_if(addresses.lower_bound(pool.first), addresses.upper_bound(last),
                         [&](const auto& entry) { return !network.is_reserved(entry.first); });
  };
  if (gone_of(of.holders) + gone_of(of.declined) + reserved < most) return {};
  return fail("too many", fmt::format("{}: {} gets no address: the last {} of the pool's {} are for ports that have "
                                      "none yet; make the subnet or the pool larger",
                                      client.device, client.mac.to_string(), kept, pool.count));
}

// From the place on where the rule sends the client, and around. Whom the next addresses belong to is read in their
// order, without a search for each: in a full pool that is for every client's every question.
std::optional<IpAddress> LeaseBook::first_free(const OfNetwork& of, const Client& client, const Network& network,
                                               Family family, std::int64_t now_s) {
  const auto [first, count] = *network.pool(family);
  const auto& subnet = *network.subnet(family);
  const auto base = *subnet.index_of(first), start = hash_of(client.mac) % count;
  auto holder = of.holders.lower_bound(subnet.host(base + start));
  // Not endless in a pool as large as IPv6's: so many can be taken, and no more.
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto number = static_cast<std::uint32_t>((start + i) % count);
    const auto address = subnet.host(base + number);
    if (number == 0) holder = of.holders.lower_bound(address);
    if (holder != of.holders.end() && holder->first == address) {
      const auto& [mac, expires_s] = (holder++)->second;
      if (mac != client.mac && expires_s > now_s) continue;
    }
    if (!network.is_reserved(address) && !is_declined(of, address, now_s)) return address;
  }
  return std::nullopt;
}

// An address of the pool, for the client.
bool LeaseBook::is_free(const OfNetwork& of, const Client& client, const Network& network, const IpAddress& address,
                        std::int64_t now_s) {
  const auto holder = of.holders.find(address);
  const bool is_anothers =
      holder != of.holders.end() && holder->second.mac != client.mac && holder->second.expires_s > now_s;
  return network.is_in_pool(address) && !network.is_reserved(address) && !is_declined(of, address, now_s) &&
         !is_anothers;
}

bool LeaseBook::is_declined(const OfNetwork& of, const IpAddress& address, std::int64_t now_s) {
  const auto declined = of.declined.find(address);
  return declined != of.declined.end() && declined->second.until_s > now_s;
}

const Lease& LeaseBook::grant(const Client& client, const IpAddress& address, std::string_view hostname,
                              std::int64_t expires_s) {
  enter({.network = client.network,
         .mac = client.mac,
         .address = address,
         .device = client.device,
         .hostname = std::string(hostname.substr(0, longest_lease_hostname)),
         .expires_s = expires_s});
  return *find(client.network, client.mac, family_of(address));
}

void LeaseBook::leave(const std::string& device) {
  for (auto& [key, of] : networks_) {
    const auto port = of.by_device.extract(device);
    if (port.empty()) continue;
    for (const auto& client : port.mapped()) of.leases.at(client).device.clear();
    of.by_device[""].merge(port.mapped());
  }
}

bool LeaseBook::forget_networks(const std::function<bool(const NetworkKey&)>& is_gone) {
  const auto before = size_;
  std::erase_if(networks_, [&](const auto& entry) {
    if (!is_gone(entry.first)) return false;
    size_ -= entry.second.leases.size();
    return true;
  });
  return size_ != before;
}

// Takes the place of the client's other lease, and of another's lease of the address.
void LeaseBook::enter(const Lease& lease) {
  auto& of = networks_[lease.network];
  const auto family = family_of(lease.address);
  if (const auto own = of.leases.find({lease.mac, family}); own != of.leases.end()) erase(of, own);
  if (const auto holder = of.holders.find(lease.address); holder != of.holders.end()) {
    erase(of, of.leases.find({holder->second.mac, family}));
  }
  of.leases.emplace(Key{lease.mac, family}, lease);
  of.holders[lease.address] = {.mac = lease.mac, .expires_s = lease.expires_s};
  of.by_device[lease.device].insert({lease.mac, family});
  ++size_;
}

void LeaseBook::erase(OfNetwork& of, std::map<Key, Lease>::iterator lease) {
  of.holders.erase(lease->second.address);
  const auto port = of.by_device.find(lease->second.device);
  port->second.erase(lease->first);
  if (port->second.empty()) of.by_device.erase(port);
  of.leases.erase(lease);
  --size_;
}

bool LeaseBook::release(const Client& client, const IpAddress& address) {
  const auto of = networks_.find(client.network);
  if (of == networks_.end()) return false;
  const auto lease = of->second.leases.find({client.mac, family_of(address)});
  if (lease == of->second.leases.end() || lease->second.address != address) return false;
  erase(of->second, lease);
  return true;
}

void LeaseBook::decline(const Client& client, const IpAddress& address, std::int64_t now_s) {
  release(client, address);
  auto& declined = networks_[client.network].declined;
  std::erase_if(declined, [=](const auto& entry) { return entry.second.until_s <= now_s; });
  if (declined.size() < most_declined_per_network) {
    declined[address] = {.until_s = now_s + declined_s, .device = client.device};
  }
}

std::vector<const Lease*> LeaseBook::leases() const {
  std::vector<const Lease*> all;
  for (const auto& [key, of] : networks_) {
    for (const auto& [client, lease] : of.leases) all.push_back(&lease);
  }
  return all;
}

std::vector<const Lease*> LeaseBook::leases_of(const std::string& device) const {
  std::vector<const Lease*> all;
  for (const auto& [key, of] : networks_) {
    const auto port = of.by_device.find(device);
    if (port == of.by_device.end()) continue;
    for (const auto& client : port->second) all.push_back(&of.leases.at(client));
  }
  return all;
}

const Lease* LeaseBook::find(const NetworkKey& network, const MacAddress& mac, Family family) const {
  const auto of = networks_.find(network);
  if (of == networks_.end()) return nullptr;
  const auto lease = of->second.leases.find({mac, family});
  return lease == of->second.leases.end() ? nullptr : &lease->second;
}

const Lease* LeaseBook::holder(const NetworkKey& network, const IpAddress& address, std::int64_t now_s) const {
  const auto of = networks_.find(network);
  if (of == networks_.end()) return nullptr;
  const auto holder = of->second.holders.find(address);
  if (holder == of->second.holders.end() || holder->second.expires_s <= now_s) return nullptr;
  return &of->second.leases.at({holder->second.mac, family_of(address)});
}

std::set<std::string> LeaseBook::forget_ended(std::int64_t now_s) {
  std::set<std::string> devices;
  for (auto& [key, of] : networks_) {
    for (auto lease = of.leases.begin(); lease != of.leases.end();) {
      const auto next = std::next(lease);
      if (lease->second.expires_s <= now_s) {
        devices.insert(lease->second.device);
        erase(of, lease);
      }
      lease = next;
    }
    std::erase_if(of.declined, [=](const auto& entry) { return entry.second.until_s <= now_s; });
  }
  std::erase_if(networks_,
                [](const auto& entry) { return entry.second.leases.empty() && entry.second.declined.empty(); });
  return devices;
}

bool LeaseBook::restore(const Lease& lease) {
  const bool is_free = find(lease.network, lease.mac, family_of(lease.address)) == nullptr &&
                       !networks_[lease.network].holders.contains(lease.address) &&
                       lease.hostname.size() <= longest_lease_hostname;
  if (!is_free || !check_limits({.network = lease.network, .device = lease.device, .mac = lease.mac})) return false;
  enter(lease);
  return true;
}

}  // namespace weft::services
