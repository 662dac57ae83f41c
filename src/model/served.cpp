#include "model/served.hpp"

#include "bpf/abi.h"
#include "wire/router_advertisement.hpp"

namespace weft::model {

IpAddress metadata_address() {
  std::array<std::uint8_t, 4> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(WEFT_METADATA_ADDRESS >> (24 - 8 * i) & 0xff);
  }
  return IpAddress(bytes);
}

MacAddress service_mac() { return MacAddress(std::array<std::uint8_t, 6> WEFT_SERVICE_MAC); }

ServedVlan served_vlan(const ServedNetwork& network) {
  ServedVlan served{.has_dhcp4 = network.subnet4.has_value(),
                    .has_ipv6 = network.subnet6.has_value(),
                    .has_metadata = network.has_metadata};
  for (const auto& [address, mac] : network.neighbours) {
    served.neighbours[address] = {.mac = mac, .is_router = address == network.router6};
  }
  if (network.subnet4 || network.has_metadata) served.neighbours[metadata_address()] = {.mac = service_mac()};
  if (network.subnet6) served.neighbours[link_local_address(service_mac())] = {.mac = service_mac()};
  return served;
}

PortGuest port_guest(const Guest& guest) {
  return {.mac = guest.mac,
          .addresses = {guest.addresses.begin(), guest.addresses.end()},
          .is_confined = guest.is_confined};
}

}  // namespace weft::model
