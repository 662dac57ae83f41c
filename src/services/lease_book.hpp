// Who has which address for how long: the memory of the DHCP servers. What it answers follows from the network, the MAC
// and the leases alone, so that every host gives the same address to the same MAC as long as none of them is taken
// there.
//
// Times are seconds of the clock since 1970: leases outlive the process and the machine.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "services/network.hpp"

namespace weft::services {

// With so many no new one is given; those that end make room. The first two keep one port, or one network, from taking
// it from the others.
inline constexpr std::size_t most_leases_per_port = 256;
inline constexpr std::size_t most_leases_per_network = 16384;
inline constexpr std::size_t most_leases = 65536;
// Of a pool the last part, one in so many, is for ports that have nothing of it yet: a guest that asks under many MACs
// leaves addresses to the others.
inline constexpr std::uint32_t pool_parts = 4;
// An address that a guest found in use at another's is not given out for so long.
inline constexpr std::int64_t declined_s = 600;
inline constexpr std::size_t most_declined_per_network = 1024;
inline constexpr std::size_t longest_lease_hostname = 253;

struct Lease {
  NetworkKey network = {};
  MacAddress mac = {};
  IpAddress address = {};
  std::string device = {};    // The port it was given to last.
  std::string hostname = {};  // As configured, or else as the guest calls itself; may be empty.
  std::int64_t expires_s = 0;

  bool operator==(const Lease&) const = default;
};

// Who asks.
struct Client {
  NetworkKey network = {};
  std::string device = {};
  MacAddress mac = {};
};

class LeaseBook {
 public:
  // The address for the client; it is the client's once it is granted. `wanted`: what it asks for, and gets where
  // nothing speaks against it: it may have had it on another host. Errors, for the log: "no address" where the pool is
  // used up, "too many" at a limit. None: the network has no addresses of the family.
  Result<std::optional<IpAddress>> choose(const Client& client, const Network& network, Family family,
                                          std::int64_t now_s, const std::optional<IpAddress>& wanted = {}) const;
  // `address` is what choose() said.
  const Lease& grant(const Client& client, const IpAddress& address, std::string_view hostname, std::int64_t expires_s);
  // False: it was not the client's.
  bool release(const Client& client, const IpAddress& address);
  // Somebody else has it, the client says. An address that is reserved for somebody stays so. To its port it counts
  // like a lease.
  void decline(const Client& client, const IpAddress& address, std::int64_t now_s);

  // In no order that means anything; also those that have ended, until forget_ended().
  std::vector<const Lease*> leases() const;
  std::vector<const Lease*> leases_of(const std::string& device) const;
  const Lease* find(const NetworkKey& network, const MacAddress& mac, Family family) const;
  // Whose the address is at `now_s`.
  const Lease* holder(const NetworkKey& network, const IpAddress& address, std::int64_t now_s) const;
  std::size_t size() const { return size_; }
  // The port is gone: its guests' leases are for them wherever they come back.
  void leave(const std::string& device);
  // Networks that are no more; false: nobody had a lease there.
  bool forget_networks(const std::function<bool(const NetworkKey&)>& is_gone);
  // Those that ended before `now_s`, whose devices are returned.
  std::set<std::string> forget_ended(std::int64_t now_s);
  // From a file; false where it contradicts another or a limit.
  bool restore(const Lease& lease);

 private:
  using Key = std::pair<MacAddress, Family>;
  struct Holder {  // As its lease says.
    MacAddress mac = {};
    std::int64_t expires_s = 0;
  };
  struct Declined {
    std::int64_t until_s = 0;
    std::string device = {};  // Of the port whose guest did; empty: none of this host's.
  };
  struct OfNetwork {
    std::map<Key, Lease> leases = {};
    std::map<IpAddress, Holder> holders = {};
    std::map<IpAddress, Declined> declined = {};
    std::map<std::string, std::set<Key>> by_device = {};
  };
  Result<> check_limits(const Client& client) const;
  static Result<> check_share(const OfNetwork& of, const Client& client, const Network& network, Family family);
  static std::optional<IpAddress> first_free(const OfNetwork& of, const Client& client, const Network& network,
                                             Family family, std::int64_t now_s);
  static bool is_free(const OfNetwork& of, const Client& client, const Network& network, const IpAddress& address,
                      std::int64_t now_s);
  static bool is_declined(const OfNetwork& of, const IpAddress& address, std::int64_t now_s);
  void enter(const Lease& lease);
  void erase(OfNetwork& of, std::map<Key, Lease>::iterator lease);

  std::map<NetworkKey, OfNetwork> networks_ = {};
  std::size_t size_ = 0;
};

}  // namespace weft::services
