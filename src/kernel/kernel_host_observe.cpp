// KernelHost: what is there.
#include "kernel/kernel_host.hpp"
#include "kernel/tc_filter.hpp"

namespace weft::kernel {

Result<model::Observed> KernelHost::observe() {
  model::Observed observed;
  const auto links = TRY(read_links(netlink_));
  const SpeedReader speeds;
  for (const auto& [ifindex, record] : links) {
    auto link = record.link;
    link.is_internal_peer = is_internal_peer(record);
    link.is_internal = !link.is_internal_peer && find_internal_peer(links, record) != nullptr;
    speeds.read(record.name, link);
    observed.links.emplace(record.name, std::move(link));
  }
  for (const auto id : ports_.bridges_in_use()) {
    const auto& bridge = ports_.bridge(id);
    observed.bridges.emplace(
        bridge.name, model::DatapathBridge{.ageing_s = bridge.ageing_s, .forward_bpdu = bridge.forward_bpdu != 0});
  }
  for (const auto slot : ports_.ports_in_use()) {
    const auto& port = ports_.port(slot);
    const auto device = static_cast<int>(port.device);
    observed.ports.emplace(device, TRY(observe_port(port, links)));
    const auto record = links.find(device);
    if (record == links.end()) continue;
    const auto past_the_device = TRY(read_peer_deliveries(datapath_.peer_deliveries_fd(), slot));
    auto& statistics = observed.links.at(record->second.name).statistics;
    statistics.tx_packets += past_the_device.frames;
    statistics.tx_bytes += past_the_device.bytes;
  }
  return observed;
}

Result<model::DatapathPort> KernelHost::observe_port(const weft_port& port, const Links& links) {
  using Mode = model::PortVlan::Mode;
  model::DatapathPort result{
      .bridge = ports_.bridge(port.bridge).name,
      .port = {.ofport = port.ofport, .vlan = {.mode = port.tag != 0 ? Mode::access : Mode::trunk, .tag = port.tag}},
      .delivers_to_peer = (port.flags & WEFT_PORT_TO_PEER) != 0};
  const auto carrier = links.find(static_cast<int>(port.ifindex));
  if (carrier == links.end()) return result;
  result.promiscuous = carrier->second.is_promiscuous;
  // The switch's end of an internal device serves only while it is up.
  if (port.ifindex != port.device && !carrier->second.link.admin_up) return result;
  const auto program = attached_program_id(netlink_, carrier->first);
  result.attached = program && *program != 0 && datapath_.is_current_program(*program);
  return result;
}

}  // namespace weft::kernel
