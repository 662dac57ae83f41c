#include "kernel/look_commands.hpp"

#include <net/if.h>

#include <array>
#include <ctime>

#include "base/check.hpp"
#include "base/near_name.hpp"
#include "kernel/trace_report.hpp"
#include "wire/frame_words.hpp"

namespace weft::kernel {
namespace {

using unixctl::Arguments;
using Answer = Result<std::string>;

// Counters are compared by programs that compute rates: the time belongs to them.
double monotonic_s() {
  timespec now{};
  CHECK(::clock_gettime(CLOCK_MONOTONIC, &now) == 0);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

std::string name_of_device(const KernelHost& host, Slot slot) {
  const auto port = host.observed().ports.find(static_cast<int>(host.ports().port(slot).ifindex));
  const bool is_known = port != host.observed().ports.end() && !port->second.device.empty();
  return is_known ? port->second.device : fmt::format("port in slot {}, whose device is gone", slot);
}

// Of a device that is no port, too.
std::string name_of_carrier(const KernelHost& host, std::uint32_t ifindex) {
  if (const auto slot = host.ports().find_carrier(static_cast<int>(ifindex)); slot != 0) {
    return name_of_device(host, slot);
  }
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(ifindex, name.data()) != nullptr ? name.data() : fmt::format("device {}", ifindex);
}

std::vector<std::string> bridge_names(const KernelHost& host) {
  std::vector<std::string> names;
  for (const auto id : host.ports().bridges_in_use()) names.emplace_back(host.ports().bridge(id).name);
  return names;
}

Result<BridgeId> require_bridge(const KernelHost& host, const std::string& name) {
  if (const auto bridge = host.ports().find_bridge(name)) return *bridge;
  return fail("no bridge", fmt::format("no bridge \"{}\"{}", name, suggest_name(name, bridge_names(host))));
}

Result<Slot> require_port(const KernelHost& host, BridgeId bridge, const std::string& name) {
  std::vector<std::string> names;
  for (const auto slot : host.ports().ports_in_use()) {
    if (host.ports().port(slot).bridge != bridge) continue;
    names.push_back(name_of_device(host, slot));
    if (names.back() == name) return slot;
  }
  return fail("no port", fmt::format("bridge {} has no port \"{}\"{}", host.ports().bridge(bridge).name, name,
                                     suggest_name(name, names)));
}

// The slots of a bridge, of a port, or, where nobody is named, of all.
Result<std::vector<Slot>> slots_of(const KernelHost& host, Arguments arguments) {
  auto slots = host.ports().ports_in_use();
  if (arguments.empty()) return slots;
  const auto& name = arguments[0];
  if (const auto bridge = host.ports().find_bridge(name)) {
    std::erase_if(slots, [&](Slot slot) { return host.ports().port(slot).bridge != *bridge; });
    return slots;
  }
  auto names = bridge_names(host);
  for (const auto slot : slots) {
    names.push_back(name_of_device(host, slot));
    if (names.back() == name) return std::vector{slot};
  }
  return fail("no port", fmt::format("no bridge or port \"{}\"{}", name, suggest_name(name, names)));
}

json::object describe_vxlan(const model::VxlanLink& vxlan) {
  json::object result{{"vni", vxlan.vni}, {"port", vxlan.dst_port}};
  if (vxlan.remote) result["remote"] = vxlan.remote->to_string();
  if (vxlan.local) result["local"] = vxlan.local->to_string();
  return result;
}

json::object describe_port(const KernelHost& host, Slot slot, const model::LinkStatistics& statistics) {
  const auto& port = host.ports().port(slot);
  const auto name = name_of_device(host, slot);
  json::object result{{"bridge", host.ports().bridge(port.bridge).name},
                      {"port", name},
                      {"ofport", port.ofport},
                      {"ifindex", port.device}};
  if (const auto known = host.observed().ports.find(static_cast<int>(port.ifindex));
      known != host.observed().ports.end()) {
    result["attached"] = known->second.attached;
    // Of a tunnel: the largest packet that goes through.
    if (known->second.mtu_bytes != 0) result["carries"] = known->second.mtu_bytes;
  }
  if (const auto link = host.observed().links.find(name); link != host.observed().links.end()) {
    result["kind"] = link->second.is_internal() ? "internal" : link->second.kind;
    result["mtu"] = link->second.mtu_bytes;
    result["up"] = link->second.admin_up;
    result["carrier"] = link->second.carrier;
    if (link->second.vxlan) result["vxlan"] = describe_vxlan(*link->second.vxlan);
  }
  // From the switch's side: what it received and what it sent.
  result["rx"] = {{"frames", statistics.rx_packets},
                  {"bytes", statistics.rx_bytes},
                  {"dropped", statistics.rx_dropped},
                  {"errors", statistics.rx_errors}};
  result["tx"] = {{"frames", statistics.tx_packets},
                  {"bytes", statistics.tx_bytes},
                  {"dropped", statistics.tx_dropped},
                  {"errors", statistics.tx_errors}};
  return result;
}

Answer show_ports(KernelHost& host, Arguments arguments) {
  const auto slots = TRY(slots_of(host, arguments));
  auto statistics = TRY(host.read_statistics());
  const auto time_s = monotonic_s();
  json::array ports;
  for (const auto slot : slots) {
    ports.push_back(describe_port(host, slot, statistics[slot]));
  }
  return to_text(json::object{{"time", time_s}, {"ports", std::move(ports)}});
}

Answer show_drops(KernelHost& host, Arguments arguments) {
  const auto slots = TRY(slots_of(host, arguments));
  const std::set<Slot> wanted(slots.begin(), slots.end());
  const auto drops = TRY(host.drops());
  json::array told;
  for (const auto& drop : drops) {
    const auto slot = host.ports().find_carrier(drop.ifindex);
    if (slot == 0 ? !arguments.empty() : !wanted.contains(slot)) continue;
    json::object one{{"port", name_of_carrier(host, static_cast<std::uint32_t>(drop.ifindex))},
                     {"reason", word_of(name_of(drop.reason))},
                     {"text", text_of(drop.reason)},
                     {"frames", drop.frames}};
    if (slot != 0) one["bridge"] = host.ports().bridge(host.ports().port(slot).bridge).name;
    told.push_back(std::move(one));
  }
  return to_text(json::object{{"time", monotonic_s()}, {"drops", std::move(told)}});
}

// What the program cannot know: a receiver whose device is down loses the frame, and at a port without the program
// nothing of this would happen.
json::array remarks_on(const KernelHost& host, Slot in, const json::array& sent_to) {
  json::array remarks;
  const auto& observed = host.observed();
  const auto entered = observed.ports.find(static_cast<int>(host.ports().port(in).ifindex));
  if (entered == observed.ports.end() || !entered->second.attached) {
    remarks.emplace_back(fmt::format("{} does not carry the switch's program: its frames do not come this far",
                                     name_of_device(host, in)));
  }
  for (const auto& receiver : sent_to) {
    const auto link = observed.links.find(std::string(receiver.as_string()));
    if (link == observed.links.end() || (link->second.admin_up && link->second.carrier)) continue;
    remarks.emplace_back(
        fmt::format("{} is down{}: it loses the frame", link->first, link->second.admin_up ? " at its other end" : ""));
  }
  return remarks;
}

Answer trace(KernelHost& host, Arguments arguments) {
  const auto bridge = TRY(require_bridge(host, arguments[0]));
  const auto slot = TRY(require_port(host, bridge, arguments[1]));
  const auto bytes = TRY(read_frame(arguments[2]));
  const auto frame = TRY(decode_frame(bytes));
  const auto decisions = TRY(host.trace(slot, bytes));
  auto report = report_decisions(decisions, frame,
                                 {.port = [&](std::uint32_t port) { return name_of_device(host, port); },
                                  .device = [&](std::uint32_t ifindex) { return name_of_carrier(host, ifindex); }});
  report["bridge"] = arguments[0];
  report["port"] = arguments[1];
  report["frame"] = to_words(frame);
  report["bytes"] = bytes.size();
  report["remarks"] = remarks_on(host, slot, report["sent-to"].as_array());
  return to_text(report);
}

}  // namespace

void add_look_commands(unixctl::CommandTable& table, KernelHost& host) {
  const auto on_host = [&host](auto command) {
    return [&host, command](Arguments arguments) -> Answer { return command(host, arguments); };
  };
  table.add({"weft/ports", "[bridge|port]", 0, 1, on_host(show_ports)});
  table.add({"weft/drops", "[bridge|port]", 0, 1, on_host(show_drops)});
  table.add({"weft/trace", "bridge port frame", 3, 3, on_host(trace)});
}

}  // namespace weft::kernel
