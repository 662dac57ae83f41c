#include "reconcile/interface_status.hpp"

#include <fmt/format.h>

namespace weft::reconcile {
namespace {

using model::Link;
using model::LinkStatistics;

// The switch's view: what an internal device sends, the switch receives.
std::map<std::string, std::int64_t> statistics_of(const Link& link) {
  const auto& of = link.statistics;
  const bool swapped = link.is_internal();
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  const auto received = [&](std::uint64_t rx, std::uint64_t tx) { return number(swapped ? tx : rx); };
  return {
      {"rx_packets", received(of.rx_packets, of.tx_packets)},
      {"tx_packets", received(of.tx_packets, of.rx_packets)},
      {"rx_bytes", received(of.rx_bytes, of.tx_bytes)},
      {"tx_bytes", received(of.tx_bytes, of.rx_bytes)},
      {"rx_dropped", received(of.rx_dropped, of.tx_dropped)},
      {"tx_dropped", received(of.tx_dropped, of.rx_dropped)},
      {"rx_errors", received(of.rx_errors, of.tx_errors)},
      {"tx_errors", received(of.tx_errors, of.rx_errors)},
      {"rx_frame_err", number(of.rx_frame_errors)},
      {"rx_over_err", number(of.rx_over_errors)},
      {"rx_crc_err", number(of.rx_crc_errors)},
      {"collisions", number(of.collisions)},
  };
}

bool is_attached(const WantedInterface& interface, const Link& link, const model::Observed& observed) {
  const auto port = observed.ports.find(link.port_ifindex());
  return interface.is_port && port != observed.ports.end() && port->second.attached &&
         port->second.bridge == interface.bridge;
}

const std::string* find_error(const WantedInterface& interface, const StepErrors& errors) {
  for (const auto& subject : {interface.device, interface.bridge}) {
    if (const auto found = errors.find(subject); found != errors.end()) return &found->second;
  }
  return nullptr;
}

// The first reason of: configuration, a step that failed, the state of the device. Empty: nothing is wrong.
std::string error_of(const WantedInterface& interface, const Link* link, bool attached, const StepErrors& errors,
                     const std::string& trouble) {
  if (!interface.error.empty()) return interface.error;
  if (const auto* text = find_error(interface, errors)) return *text;
  if (!trouble.empty() || attached) return trouble;
  if (link == nullptr && interface.made == model::MadeKind::patch) {
    return fmt::format("{}: the port at its other end cannot be made; its own row says why", interface.device);
  }
  if (link == nullptr) return fmt::format("could not open network device {} (No such device)", interface.device);
  if (link->is_internal_peer) return fmt::format("{} is the switch's own end of an internal port", interface.device);
  if (interface.made && link->made != interface.made) {
    return fmt::format("a device {} exists already that Weft did not make; rename or delete it", interface.device);
  }
  return fmt::format("{} is not attached to {} yet", interface.device, interface.bridge);
}

}  // namespace

InterfaceStatus status_of(const WantedInterface& interface, const model::Observed& observed, const StepErrors& errors,
                          std::int64_t link_resets, const std::string& trouble) {
  InterfaceStatus status;
  const auto found = observed.links.find(interface.device);
  const auto* link = found == observed.links.end() ? nullptr : &found->second;
  const bool attached = link != nullptr && is_attached(interface, *link, observed);
  if (attached || interface.keeps_ofport) status.ofport = interface.ofport;
  if (auto error = error_of(interface, link, attached, errors, trouble); !error.empty())
    status.error = std::move(error);
  if (link == nullptr || !interface.is_port) return status;

  if (link->ifindex != 0) status.ifindex = link->ifindex;
  if (!link->mac.is_zero()) status.mac_in_use = link->mac.to_string();
  if (link->made != model::MadeKind::patch) status.mtu = link->mtu_bytes;
  status.admin_state = link->admin_up ? "up" : "down";
  status.link_state = link->carrier ? "up" : "down";
  status.link_resets = link_resets;
  if (link->speed_bps != 0) {
    status.link_speed = static_cast<std::int64_t>(link->speed_bps);
    status.duplex = link->full_duplex ? "full" : "half";
  }
  status.statistics = statistics_of(*link);
  const bool is_ours = link->is_internal() || link->made == model::MadeKind::patch;
  const std::string driver = is_ours ? "weft" : link->kind;
  if (!driver.empty()) status.status = {{"driver_name", driver}};
  if (link->tunnel && !link->tunnel->paths.empty()) {
    const auto& path = link->tunnel->paths.begin()->second;
    status.status["tunnel_egress_iface"] = path.device;
    status.status["tunnel_egress_iface_carrier"] = path.is_up ? "up" : "down";
  }
  return status;
}

}  // namespace weft::reconcile
