#include "services/router.hpp"

#include "model/served.hpp"
#include "wire/router_advertisement.hpp"

namespace weft::services {
namespace {

constexpr std::uint16_t router_lifetime_s = 1800;
constexpr std::uint32_t least_mtu_bytes = 1280;  // Of IPv6; a smaller one would be ignored.

const IpAddress all_nodes(std::array<std::uint8_t, 16>{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
const MacAddress all_nodes_mac({0x33, 0x33, 0, 0, 0, 1});

RouterAdvertisement advertisement(const std::string& device, const Network& network) {
  const auto& served = network.served();
  const bool is_managed = network.is_managed6(device);
  RouterAdvertisement message{.is_managed = is_managed,
                              .has_other_settings = true,
                              .router_s = served.router6 ? router_lifetime_s : std::uint16_t{0},
                              .prefix = served.subnet6,
                              .makes_addresses = !is_managed,
                              .valid_s = prefix_valid_s,
                              .preferred_s = prefix_preferred_s,
                              .dns_s = static_cast<std::uint32_t>(3 * advertisement_interval_s)};
  if (const auto mtu_bytes = network.mtu_bytes(); mtu_bytes && *mtu_bytes >= least_mtu_bytes) {
    message.mtu_bytes = mtu_bytes;
  }
  for (const auto& server : served.dns) {
    if (!server.is_v4()) message.dns.push_back(server);
  }
  if (!served.router6) message.mac = model::service_mac();
  return message;
}

Bytes frame_of(const RouterAdvertisement& message, const Network& network, const MacAddress& to_mac,
               const IpAddress& to) {
  return encode(message, {.destination = to_mac, .source = model::service_mac()},
                network.served().router6.value_or(link_local_address(model::service_mac())), to);
}

}  // namespace

Answer answer_router_solicitation(const Request& request, const Network& network) {
  const auto asked = decode_router_solicitation(request.frame);
  if (!asked || !network.served().subnet6) return {};
  const bool is_nameless = asked->source.is_unspecified();
  return {.frame =
              frame_of(advertisement(request.device, network), network,
                       is_nameless ? all_nodes_mac : asked->ethernet.source, is_nameless ? all_nodes : asked->source)};
}

Bytes advertise_router(const std::string& device, const Network& network) {
  if (!network.served().subnet6) return {};
  return frame_of(advertisement(device, network), network, all_nodes_mac, all_nodes);
}

Bytes withdraw_router(const std::string& device, const Network& network) {
  if (!network.served().subnet6) return {};
  auto message = advertisement(device, network);
  message.router_s = 0;
  message.valid_s = message.preferred_s = message.dns_s = 0;
  return frame_of(message, network, all_nodes_mac, all_nodes);
}

}  // namespace weft::services
