#include "inspect/status.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/grid.hpp"
#include "inspect/fields.hpp"
#include "inspect/quantity.hpp"

namespace weft::inspect {
namespace {

using Rows = std::map<std::string, json::object>;  // By UUID.

json::object select(std::string_view table, std::initializer_list<std::string_view> columns) {
  return {{"op", "select"},
          {"table", table},
          {"where", json::array{}},
          {"columns", json::array(columns.begin(), columns.end())}};
}

// The elements of a column: RFC 7047 section 5.1 writes a set of one as the element itself.
json::array elements_of(const json::object& row, std::string_view column) {
  const auto* value = row.if_contains(column);
  if (value == nullptr) return {};
  const auto* pair = value->if_array();
  if (pair == nullptr || pair->size() != 2 || (*pair)[0] != "set") return {*value};
  const auto* set = (*pair)[1].if_array();
  return set != nullptr ? *set : json::array{};
}

std::string uuid_in(const json::value& value) {
  const auto* pair = value.if_array();
  return pair != nullptr && pair->size() == 2 && (*pair)[1].is_string() ? std::string((*pair)[1].as_string())
                                                                        : std::string();
}

std::vector<json::object> referred(const json::object& row, std::string_view column, const Rows& rows) {
  std::vector<json::object> all;
  for (const auto& element : elements_of(row, column)) {
    if (const auto found = rows.find(uuid_in(element)); found != rows.end()) all.push_back(found->second);
  }
  std::ranges::sort(all, {}, [](const json::object& one) { return text_in(one, "name"); });
  return all;
}

std::string text_of_vlans(const json::object& port) {
  std::vector<std::string> parts;
  if (const auto mode = text_in(port, "vlan_mode"); !mode.empty() && mode != "access" && mode != "trunk") {
    parts.push_back(mode);
  }
  if (const auto tag = elements_of(port, "tag"); !tag.empty()) parts.push_back("VLAN " + json::serialize(tag[0]));
  for (const auto& [column, text] : {std::pair("trunks", "trunk of"), std::pair("cvlans", "customers' VLANs")}) {
    std::vector<std::string> numbers;
    for (const auto& vlan : elements_of(port, column)) numbers.push_back(json::serialize(vlan));
    if (!numbers.empty()) parts.push_back(fmt::format("{} {}", text, fmt::join(numbers, ", ")));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string text_of_tunnel(const json::object& observed) {
  const auto vxlan = object_in(observed, "vxlan");
  if (vxlan.empty()) return {};
  auto text = fmt::format("VNI {:.0f}", number_in(vxlan, "vni"));
  if (const auto remote = text_in(vxlan, "remote"); !remote.empty()) text += fmt::format(" to {}", remote);
  return text + fmt::format(", UDP port {:.0f}", number_in(vxlan, "port"));
}

StatusPort port_of(const json::object& port, const json::object& interface, const json::object* observed) {
  StatusPort result{.name = text_in(interface, "name"),
                    .kind = text_in(interface, "type"),
                    .vlan = text_of_vlans(port),
                    .problem = text_in(interface, "error")};
  if (observed == nullptr) {
    if (result.problem.empty()) result.problem = "it is not in the switch; weftd's log may say why";
    return result;
  }
  result.is_in_switch = true;
  if (const auto kind = text_in(*observed, "kind"); !kind.empty()) result.kind = kind;
  result.tunnel = text_of_tunnel(*observed);
  result.mtu_bytes = static_cast<std::uint32_t>(number_in(*observed, "mtu"));
  result.carries_bytes = static_cast<std::uint32_t>(number_in(*observed, "carries"));
  result.is_up = is_true_in(*observed, "up") && is_true_in(*observed, "carrier");
  result.rx_bytes = number_in(object_in(*observed, "rx"), "bytes");
  result.tx_bytes = number_in(object_in(*observed, "tx"), "bytes");
  if (result.problem.empty() && !is_true_in(*observed, "attached")) {
    result.problem = "its device does not carry the switch's program; weftd puts it back within seconds";
  }
  return result;
}

std::string details_of(const StatusPort& port) {
  std::vector<std::string> parts;
  for (const auto& part : {port.vlan, port.tunnel}) {
    if (!part.empty()) parts.push_back(part);
  }
  if (port.carries_bytes != 0) parts.push_back(fmt::format("carries {} bytes", port.carries_bytes));
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Many problems begin with the port's name.
std::string problem_of(const StatusPort& port) {
  const bool names_it = port.problem.starts_with(port.name + ":") || port.problem.starts_with(port.name + " ");
  return names_it ? port.problem : fmt::format("{}: {}", port.name, port.problem);
}

std::string heading_of(const StatusBridge& bridge, const cli::Style& style) {
  const auto bytes = bridge.carries_bytes();
  return style.bold(bridge.name) +
         (bytes == 0 ? "" : fmt::format("  packets of up to {} bytes go through its tunnels", bytes));
}

}  // namespace

std::uint32_t StatusBridge::carries_bytes() const {
  std::uint32_t least = 0;
  for (const auto& port : ports)
    if (port.carries_bytes != 0 && (least == 0 || port.carries_bytes < least)) least = port.carries_bytes;
  return least;
}

json::array status_request() {
  return {"Open_vSwitch", select("Bridge", {"_uuid", "name", "ports"}),
          select("Port", {"_uuid", "name", "interfaces", "tag", "trunks", "cvlans", "vlan_mode"}),
          select("Interface", {"_uuid", "name", "type", "error"})};
}

Result<Status> read_status(const json::value& reply, const json::value& ports, const json::value& drops) {
  const auto* results = reply.if_array();
  if (results == nullptr || results->size() < 3) {
    return fail("protocol error", "the database's answer has not the rows that were asked for");
  }
  std::array<Rows, 3> tables;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (auto& row : objects_in((*results)[i], "rows")) {
      const auto* uuid = row.if_contains("_uuid");
      if (uuid != nullptr) tables[i].emplace(uuid_in(*uuid), std::move(row));
    }
  }
  std::map<std::string, json::object> observed;
  for (auto& port : objects_in(ports, "ports")) observed.emplace(text_in(port, "port"), port);
  std::map<std::string, std::uint64_t> dropped;
  for (const auto& drop : objects_in(drops, "drops")) {
    dropped[text_in(drop, "port")] += static_cast<std::uint64_t>(number_in(drop, "frames"));
  }
  Status status;
  for (const auto& [uuid, bridge] : tables[0]) {
    StatusBridge one{.name = text_in(bridge, "name")};
    for (const auto& port : referred(bridge, "ports", tables[1])) {
      for (const auto& interface : referred(port, "interfaces", tables[2])) {
        const auto found = observed.find(text_in(interface, "name"));
        auto told = port_of(port, interface, found == observed.end() ? nullptr : &found->second);
        told.dropped_frames = dropped[told.name];
        one.ports.push_back(std::move(told));
      }
    }
    // The bridge's own port first.
    std::ranges::stable_partition(one.ports, [&](const StatusPort& port) { return port.name == one.name; });
    status.push_back(std::move(one));
  }
  std::ranges::sort(status, {}, &StatusBridge::name);
  return status;
}

std::size_t count_problems(const Status& status) {
  std::size_t count = 0;
  for (const auto& bridge : status) {
    count += static_cast<std::size_t>(
        std::ranges::count_if(bridge.ports, [](const StatusPort& port) { return !port.problem.empty(); }));
  }
  return count;
}

std::vector<std::string> show_status(const Status& status, const cli::Style& style) {
  if (status.empty()) return {"No bridge yet; \"ovs-vsctl add-br NAME\" makes one."};
  cli::Grid grid("lllrrrl");
  std::vector<std::string> problems;
  for (const auto& bridge : status) {
    grid.add_line(heading_of(bridge, style));
    for (const auto& port : bridge.ports) {
      const auto state = !port.problem.empty() ? style.red(style.cross())
                         : port.is_up          ? style.green(style.tick())
                                               : style.yellow("down");
      grid.add({state, port.name, port.kind, port.is_in_switch ? "in " + bytes_text(port.rx_bytes) : "",
                port.is_in_switch ? "out " + bytes_text(port.tx_bytes) : "",
                port.dropped_frames > 0 ? count_text(static_cast<double>(port.dropped_frames)) + " dropped" : "",
                details_of(port)});
      if (!port.problem.empty()) problems.push_back(problem_of(port));
    }
  }
  auto lines = grid.lines();
  lines.emplace_back();
  if (problems.empty()) {
    lines.push_back(style.green("Nothing is wrong."));
  } else {
    lines.push_back(style.red(problems.size() == 1 ? "One port does not work:"
                                                   : fmt::format("{} ports do not work:", problems.size())));
    for (const auto& problem : problems) lines.push_back("  " + problem);
  }
  return lines;
}

json::object status_json(const Status& status) {
  json::array bridges;
  for (const auto& bridge : status) {
    json::array ports;
    for (const auto& port : bridge.ports) {
      json::object one{{"port", port.name},
                       {"kind", port.kind},
                       {"in-switch", port.is_in_switch},
                       {"up", port.is_up},
                       {"rx-bytes", port.rx_bytes},
                       {"tx-bytes", port.tx_bytes},
                       {"dropped-frames", port.dropped_frames}};
      if (!port.vlan.empty()) one["vlan"] = port.vlan;
      if (!port.tunnel.empty()) one["tunnel"] = port.tunnel;
      if (port.mtu_bytes != 0) one["mtu"] = port.mtu_bytes;
      if (port.carries_bytes != 0) one["carries"] = port.carries_bytes;
      if (!port.problem.empty()) one["problem"] = port.problem;
      ports.push_back(std::move(one));
    }
    json::object one{{"bridge", bridge.name}, {"ports", std::move(ports)}};
    if (const auto bytes = bridge.carries_bytes(); bytes != 0) one["carries"] = bytes;
    bridges.push_back(std::move(one));
  }
  return {{"bridges", std::move(bridges)}, {"problems", count_problems(status)}};
}

}  // namespace weft::inspect
