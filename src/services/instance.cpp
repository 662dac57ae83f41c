#include "services/instance.hpp"

#include <fmt/format.h>

namespace weft::services {
namespace {

std::optional<IpAddress> address_of(const Asker& asker, const Network& network, const LeaseBook& leases,
                                    Family family) {
  if (const auto fixed = network.fixed_address(asker.device, asker.mac, family)) return fixed;
  const auto* lease = leases.find(asker.network, asker.mac, family);
  return lease == nullptr ? std::nullopt : std::optional(lease->address);
}

// For who has no name: after its MAC, which it keeps.
std::string made_name(std::string_view start, const MacAddress& mac) {
  return fmt::format("{}{:02x}", start, fmt::join(mac.bytes(), ""));
}

}  // namespace

Instance instance_of(const Asker& asker, const Network& network, const LeaseBook& leases) {
  const auto& served = network.served();
  Instance instance{.id = made_name("i-", asker.mac),
                    .hostname = made_name("host-", asker.mac),
                    .domain = served.domain,
                    .mac = asker.mac,
                    .address4 = address_of(asker, network, leases, Family::ipv4),
                    .address6 = address_of(asker, network, leases, Family::ipv6),
                    .has_dhcp4 = served.subnet4.has_value(),
                    .mtu_bytes = network.mtu_bytes(),
                    .dns = served.dns};
  if (served.subnet6) {
    instance.has_dhcp6 = network.is_managed6(asker.device);
    instance.has_slaac = !instance.has_dhcp6;
  }
  const auto* guest = network.guest(asker.device);
  if (guest == nullptr) return instance;
  if (!guest->instance_id.empty()) instance.id = guest->instance_id;
  if (!guest->hostname.empty()) instance.hostname = guest->hostname;
  instance.ssh_keys = guest->ssh_keys;
  instance.user_data = guest->user_data;
  return instance;
}

}  // namespace weft::services
