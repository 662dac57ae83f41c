// KernelHost: one step carried out. Every step may be repeated, and may be broken off by kill -9 at any point: what is
// in the maps is entered before the filter stands on the device, and stays until the filter is gone.
#include <bpf/bpf.h>
#include <fmt/format.h>

#include "kernel/candidates.hpp"
#include "kernel/kernel_host.hpp"
#include "kernel/link_change.hpp"
#include "kernel/patch_device.hpp"
#include "kernel/system_error.hpp"
#include "kernel/tc_filter.hpp"
#include "kernel/udp_port_holder.hpp"
#include "kernel/vlan_settings.hpp"
#include "kernel/vxlan_device.hpp"

namespace weft::kernel {
namespace {

// A device that vanished in between has nothing left to undo.
Result<> unless_gone(Result<> result) {
  if (!result && result.error().tag == no_such_device) return {};
  return result;
}

}  // namespace

Result<> KernelHost::carry_out(const plan::DetachPort& step) {
  const auto slot = ports_.find_carrier(step.ifindex);
  if (slot == 0) return {};
  const auto ifindex = ports_.port(slot).ifindex;
  const auto carrier = static_cast<int>(ifindex);
  TRY(unless_gone(detach_filter(netlink_, carrier, port_filter, step.device)));
  if ((ports_.port(slot).flags & WEFT_PORT_PROMISCUOUS) != 0) {
    TRY(unless_gone(set_promiscuous(netlink_, carrier, false, step.device)));
  }
  TRY(set_tunnel(slot, std::nullopt));
  slots_.forget(ifindex);
  TRY(write_vlan_set(datapath_.port_vlans_fd(), slot, {}));
  TRY(services_.set_guest(slot, {}, std::nullopt));
  ports_.remove_port(slot);  // Its addresses mean nothing from here on.
  forget_drops(datapath_.drops_fd(), carrier);
  programs_.erase(carrier);
  changed_ports_.insert(step.ifindex);
  return {};
}

Result<> KernelHost::carry_out(const plan::DeleteBridge& step) {
  const auto id = ports_.find_bridge(step.bridge);
  if (!id) return {};
  if (ports_.bridge(*id).first_port != 0) {
    return fail("bridge has ports", fmt::format("{}: detach its ports before deleting the bridge", step.bridge));
  }
  TRY(services_.set_served(*id, {}));
  TRY(forget_bridge(datapath_.fdb_fd(), ports_, *id));
  ports_.remove_bridge(*id);
  TRY(write_vlan_set(datapath_.flood_vlans_fd(), *id, {}));
  remove_candidates(datapath_.candidates_fd(), *id);
  changed_bridges_.insert(step.bridge);
  return {};
}

Result<> KernelHost::carry_out(const plan::DeleteDevice& step) {
  if (const auto named = aliased_.find(step.device); named != aliased_.end()) {
    return unless_gone(delete_link(netlink_, named->second, step.device));  // Both ends go.
  }
  return delete_made_device(netlink_, step.device);
}

Result<> KernelHost::carry_out(const plan::CreateDevice& step) {
  return create_device(netlink_, step.device, step.settings);
}

Result<> KernelHost::carry_out(const plan::SetVxlan& step) {
  const auto record = TRY(read_link(netlink_, step.device));
  return set_vxlan(netlink_, record, step.settings);
}

Result<> KernelHost::carry_out(const plan::SetRemotes& step) {
  const auto record = TRY(read_link(netlink_, step.device));
  return set_remotes(netlink_, record, step.remotes);
}

Result<> KernelHost::carry_out(const plan::CreateBridge& step) {
  changed_bridges_.insert(step.bridge);
  if (const auto id = ports_.find_bridge(step.bridge)) {
    return set_bridge(*id, step.settings);
  }
  TRY(ports_.add_bridge(step.bridge, step.settings));  // Without a queue, adopt() makes one.
  return set_bridge(TRY(require_bridge(step.bridge)), step.settings);
}

Result<> KernelHost::carry_out(const plan::SetBridge& step) {
  changed_bridges_.insert(step.bridge);
  return set_bridge(TRY(require_bridge(step.bridge)), step.settings);
}

Result<> KernelHost::carry_out(const plan::SetServed& step) {
  const auto id = TRY(require_bridge(step.bridge));
  changed_bridges_.insert(step.bridge);
  if (step.served.empty()) ports_.set_served(id, false);
  auto set = services_.set_served(id, step.served);
  ports_.set_served(id, !services_.served_by(id).empty());
  return set;
}

Result<> KernelHost::carry_out(const plan::AttachPort& step) {
  const auto ends = TRY(read_ends(step.device));
  const auto bridge = TRY(require_bridge(step.bridge));
  const auto carrier = ends.carrier.link.ifindex;
  if (ports_.find_carrier(carrier) != 0) {
    TRY(carry_out(plan::DetachPort{.ifindex = carrier, .device = step.device}));
  }
  weft_port wanted{};
  wanted.ifindex = static_cast<std::uint32_t>(carrier);
  wanted.device = static_cast<std::uint32_t>(ends.device);
  wanted.bridge = bridge;
  wanted.vlan = to_datapath(step.port.vlan);
  wanted.flags = step.deliver_to_peer ? WEFT_PORT_TO_PEER : 0;
  if (step.port.has_strict_remotes) wanted.flags |= WEFT_PORT_STRICT_REMOTES;
  if (step.leads_elsewhere) wanted.flags |= WEFT_PORT_REMOTE;
  if (step.guest && step.guest->is_confined) wanted.flags |= WEFT_PORT_CONFINED;
  wanted.ofport = step.port.ofport;
  wanted.mtu_bytes = step.mtu_bytes;
  const auto slot = TRY(enter_port(wanted, step));
  auto equipped = equip(slot, ends);
  if (equipped) equipped = set_tunnel(slot, step.tunnel);
  if (!equipped) {
    // As it was before; should that fail too, the first reason is the one to tell.
    (void)carry_out(plan::DetachPort{.ifindex = carrier, .device = step.device});
    return equipped;
  }
  return services_.check_told(slot);
}

Result<> KernelHost::carry_out(const plan::SetPort& step) {
  const auto ends = TRY(read_ends(step.device));
  const auto slot = ports_.find_carrier(ends.carrier.link.ifindex);
  if (slot == 0 || ports_.bridge(ports_.port(slot).bridge).name != step.bridge) {
    return carry_out(plan::AttachPort{.device = step.device,
                                      .bridge = step.bridge,
                                      .port = step.port,
                                      .deliver_to_peer = step.deliver_to_peer,
                                      .tunnel = step.tunnel,
                                      .mtu_bytes = step.mtu_bytes,
                                      .guest = step.guest,
                                      .leads_elsewhere = step.leads_elsewhere});
  }
  const bool is_other_vlan = port_of(slot).port.vlan != step.port.vlan;
  const bool is_limited = !step.port.vlan.vlans.empty();
  // At no moment it is less limited than before and than afterwards.
  if (is_limited) TRY(write_vlan_set(datapath_.port_vlans_fd(), slot, step.port.vlan.vlans));
  ports_.set_port(slot, to_datapath(step.port.vlan), step.port.ofport);
  if (!is_limited) TRY(write_vlan_set(datapath_.port_vlans_fd(), slot, {}));
  ports_.set_device(slot, static_cast<std::uint32_t>(ends.device));
  ports_.set_flag(slot, WEFT_PORT_TO_PEER, step.deliver_to_peer);
  ports_.set_flag(slot, WEFT_PORT_STRICT_REMOTES, step.port.has_strict_remotes);
  ports_.set_flag(slot, WEFT_PORT_REMOTE, step.leads_elsewhere);
  TRY(set_guest(slot, step.port, step.guest));
  ports_.set_mtu(slot, step.mtu_bytes);
  if (is_other_vlan) TRY(forget_addresses(datapath_.fdb_fd(), ports_, slot));
  TRY(set_tunnel(slot, step.tunnel));
  TRY(equip(slot, ends));
  return services_.check_told(slot);
}

Result<> KernelHost::carry_out(const plan::SetMtu& step) {
  const auto record = TRY(read_link(netlink_, step.device));
  // The other end of an internal device must take what the device sends.
  if (const auto ends = read_ends(step.device); ends && ends->is_internal()) {
    TRY(set_mtu(netlink_, ends->carrier.link.ifindex, step.mtu_bytes, ends->carrier.name));
  }
  return set_mtu(netlink_, record.link.ifindex, step.mtu_bytes, step.device);
}

Result<> KernelHost::carry_out(const plan::SetMac& step) {
  const auto record = TRY(read_link(netlink_, step.device));
  return set_mac(netlink_, record.link.ifindex, step.mac, step.device);
}

Result<> KernelHost::carry_out(const plan::SetAdminState& step) {
  const auto record = TRY(read_device(step.device));
  auto set = set_admin_state(netlink_, record.link.ifindex, step.up, step.device);
  const bool is_port_taken = !set && set.error().tag == address_in_use && record.link.vxlan;
  if (!is_port_taken) return set;
  return fail(std::string(address_in_use),
              fmt::format("{}: UDP port {} is in use by {}; free it, or take another options:dst_port", step.device,
                          record.link.vxlan->dst_port, udp_port_holder(links_.links(), record)));
}

Result<> KernelHost::carry_out(const plan::AttachUnderlay& step) {
  TRY(fast_path_.add_underlay(step.ifindex));
  changed_underlays_.insert(step.ifindex);
  TRY(attach_filter(step.ifindex, underlay_egress_filter, datapath_.program_fd(Program::underlay_egress), step.device));
  return attach_filter(step.ifindex, underlay_ingress_filter, datapath_.program_fd(Program::underlay_ingress),
                       step.device);
}

Result<> KernelHost::carry_out(const plan::DetachUnderlay& step) {
  for (const auto& place : {underlay_ingress_filter, underlay_egress_filter}) {
    TRY(unless_gone(detach_filter(netlink_, step.ifindex, place, step.device)));
  }
  fast_path_.remove_underlay(step.ifindex);
  changed_underlays_.insert(step.ifindex);
  return {};
}

// What was learned of the ways of the tunnel before counts no more.
Result<> KernelHost::set_tunnel(Slot slot, const std::optional<model::FastTunnel>& tunnel) {
  if (fast_path_.tunnel_of(slot) == tunnel) return {};
  if (!tunnel) ports_.set_admission(slot, std::nullopt);
  TRY(fast_path_.set_tunnel(slot, tunnel));
  if (tunnel) ports_.set_admission(slot, tunnel->may_go_fast ? admission_ticks(tunnel->ageing_s) : std::uint16_t{0});
  datapath_.forget_ways();
  return {};
}

// At no moment a confined port sends what neither the guest before nor this one may.
Result<> KernelHost::set_guest(Slot slot, const model::Port& port, const std::optional<model::PortGuest>& guest) {
  const bool is_confined = guest && guest->is_confined;
  if (!is_confined) ports_.set_flag(slot, WEFT_PORT_CONFINED, false);
  TRY(services_.set_guest(slot, {.bridge = ports_.port(slot).bridge, .vlan = port.vlan.tag}, guest));
  if (is_confined) ports_.set_flag(slot, WEFT_PORT_CONFINED, true);
  return {};
}

// Of an internal one in another namespace, its end here.
Result<LinkRecord> KernelHost::read_device(const std::string& device) {
  const auto is_answer = [](const auto& record) { return record || record.error().tag != no_such_device; };
  if (const auto named = aliased_.find(device); named != aliased_.end()) {
    if (auto record = read_link(netlink_, named->second); is_answer(record)) return record;
  }
  auto record = read_link(netlink_, device);
  if (is_answer(record)) return record;
  auto patch = read_link(netlink_, patch_device_name(device));  // Made since the last look.
  return patch && is_patch_end(*patch) ? patch : record;
}

Result<KernelHost::Ends> KernelHost::read_ends(const std::string& device) {
  auto record = TRY(read_device(device));
  if (!away_internal(record).empty()) return Ends{.name = device, .carrier = std::move(record)};
  if (!record.is_ethernet || record.is_loopback) {
    return fail("not Ethernet", fmt::format("{}: only an Ethernet device can be a port", device));
  }
  if (is_internal_peer(record)) {
    return fail("switch side", fmt::format("{}: this is the switch's own end of an internal device", device));
  }
  if (record.link.kind == "veth" && record.other_ifindex != 0) {
    auto other = TRY(read_link(netlink_, record.other_ifindex));
    if (is_internal_peer(other))
      return Ends{.name = device, .device = record.link.ifindex, .carrier = std::move(other)};
  }
  return Ends{.name = device, .device = record.link.ifindex, .carrier = std::move(record)};
}

Result<BridgeId> KernelHost::require_bridge(const std::string& name) const {
  const auto id = ports_.find_bridge(name);
  if (!id) return fail("no such bridge", fmt::format("{}: the datapath has no bridge of this name", name));
  return *id;
}

Result<> KernelHost::set_bridge(BridgeId id, const model::Bridge& settings) {
  TRY(fit_candidates(datapath_.candidates_fd(), datapath_.fdb_fd(), id, settings.max_addresses));
  TRY(set_flood_vlans(id, settings));
  return trim_addresses(datapath_.fdb_fd(), ports_, id);
}

Result<> KernelHost::set_flood_vlans(BridgeId id, const model::Bridge& settings) {
  const auto map = datapath_.flood_vlans_fd();
  if (read_vlan_set(map, id) == settings.flood_vlans) {
    ports_.set_bridge(id, settings);
    return {};
  }
  if (!settings.flood_vlans.empty()) TRY(write_vlan_set(map, id, settings.flood_vlans));
  ports_.set_bridge(id, settings);
  if (settings.flood_vlans.empty()) TRY(write_vlan_set(map, id, {}));
  return flush_addresses(id);  // Of a VLAN that was flooded until now the oldest may be wrong.
}

Result<Slot> KernelHost::enter_port(const weft_port& wanted, const plan::AttachPort& step) {
  auto slot = ports_.add_port(wanted);
  if (!slot) {  // Perhaps slots are free as soon as no address names them any more.
    TRY(sweep());
    slot = ports_.add_port(wanted);
  }
  const auto added = TRY(std::move(slot));
  TRY(write_vlan_set(datapath_.port_vlans_fd(), added, step.port.vlan.vlans));
  TRY(clear_passed(datapath_.passed_fd(), added));
  auto entered = set_guest(added, step.port, step.guest);
  if (entered) entered = slots_.enter(wanted.ifindex, added);
  if (!entered) {
    ports_.remove_port(added);
    return std::unexpected(std::move(entered).error());
  }
  return added;
}

// Brings the device of a port that is in the maps to serve it: promiscuous, or ready as the switch's end, and with the
// filter of this version.
Result<> KernelHost::equip(Slot slot, const Ends& ends) {
  const auto carrier = ends.carrier.link.ifindex;
  changed_ports_.insert(carrier);
  if (ends.is_internal()) {
    TRY(prepare_internal_peer(netlink_, ends.carrier, ends.name));
  } else if (!ends.carrier.is_promiscuous) {
    ports_.set_flag(slot, WEFT_PORT_PROMISCUOUS, true);
    TRY(set_promiscuous(netlink_, carrier, true, ends.name));
  }
  const auto present = TRY(attached_program_id(netlink_, carrier, port_filter));
  programs_[carrier] = present;
  if (present != 0 && datapath_.is_current_program(Program::port_ingress, present)) return {};
  doubtful_filters_.insert(carrier);
  return attach_filter(carrier, port_filter, datapath_.program_fd(Program::port_ingress), ends.name);
}

}  // namespace weft::kernel
