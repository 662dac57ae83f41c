#include "lab/verify_view.hpp"

#include <fmt/format.h>

#include <charconv>
#include <set>

#include "base/json.hpp"
#include "inspect/drops.hpp"
#include "inspect/fields.hpp"

namespace weft::lab {
namespace {

using inspect::number_in;
using inspect::object_in;
using inspect::text_in;

constexpr std::string_view mark = "@@ ";  // Begins the line that names a section.

// --- reading --------------------------------------------------------------------------------------------------------

json::array array_of(std::string_view text) {
  const auto value = parse_json(text);
  return value && value->is_array() ? value->get_array() : json::array();
}

// Those included that the device could not pass on.
std::uint64_t packets_sent(const json::object& link) {
  const auto counters = object_in(object_in(link, "stats64"), "tx");
  double packets = 0;
  for (const auto* name : {"packets", "dropped", "errors"}) packets += number_in(counters, name);
  return static_cast<std::uint64_t>(packets);
}

LinkView read_link(const json::object& link) {
  LinkView view{.mtu_bytes = static_cast<std::uint32_t>(number_in(link, "mtu")), .master = text_in(link, "master")};
  if (const auto* flags = link.if_contains("flags"); flags != nullptr && flags->is_array()) {
    for (const auto& flag : flags->get_array()) {
      view.is_up |= flag == "UP";
      view.has_carrier |= flag == "LOWER_UP";
    }
  }
  const auto info = object_in(link, "linkinfo");
  const auto data = object_in(info, "info_data");
  view.kind = text_in(info, "info_kind");
  view.vni = static_cast<std::uint32_t>(number_in(data, "id"));
  view.udp_port = static_cast<std::uint16_t>(number_in(data, "port"));
  for (const auto* name : {"group", "group6", "remote", "remote6"}) {
    if (view.remote.empty()) view.remote = text_in(data, name);
  }
  view.lower = text_in(data, "link");
  view.received = static_cast<std::uint64_t>(number_in(object_in(object_in(link, "stats64"), "rx"), "packets"));
  view.sent = packets_sent(link);
  return view;
}

// A table of `ovs-vsctl --format=json`: for each row its cells by column.
std::vector<json::object> table_rows(std::string_view text) {
  std::vector<json::object> rows;
  const auto value = parse_json(text);
  const auto* table = value ? value->if_object() : nullptr;
  const auto* headings = table != nullptr ? table->if_contains("headings") : nullptr;
  const auto* data = table != nullptr ? table->if_contains("data") : nullptr;
  if (headings == nullptr || data == nullptr || !headings->is_array() || !data->is_array()) return rows;
  for (const auto& cells : data->get_array()) {
    if (!cells.is_array() || cells.get_array().size() != headings->get_array().size()) continue;
    json::object row;
    for (std::size_t i = 0; i < cells.get_array().size(); ++i) {
      const auto& heading = headings->get_array()[i];
      if (heading.is_string()) row[heading.get_string()] = cells.get_array()[i];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// Of a column "status": ["map", [[key, value], ...]].
std::string value_in_map(const json::object& row, std::string_view column, std::string_view key) {
  const auto* cell = row.if_contains(column);
  if (cell == nullptr || !cell->is_array() || cell->get_array().size() != 2) return {};
  const auto& pairs = cell->get_array()[1];
  if (!pairs.is_array()) return {};
  for (const auto& pair : pairs.get_array()) {
    const bool is_it = pair.is_array() && pair.get_array().size() == 2 && pair.get_array()[0] == json::value(key);
    if (is_it && pair.get_array()[1].is_string()) return std::string(pair.get_array()[1].get_string());
  }
  return {};
}

void read_interfaces(std::string_view text, HostView& view) {
  for (const auto& row : table_rows(text)) {
    auto& port = view.ports[text_in(row, "name")];
    port.error = text_in(row, "error");
    port.ofport = fmt::to_string(static_cast<std::int64_t>(number_in(row, "ofport")));
    port.guest_address = value_in_map(row, "status", "ip_address");
  }
}

void read_ports(std::string_view text, HostView& view) {
  for (const auto& row : table_rows(text)) {
    view.ports[text_in(row, "name")].tag = static_cast<std::uint16_t>(number_in(row, "tag"));
  }
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  while (!line.empty()) {
    const auto begin = std::min(line.find_first_not_of(' '), line.size());
    line.remove_prefix(begin);
    const auto end = std::min(line.find(' '), line.size());
    if (end > 0) words.emplace_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

// Rules of `nft -j list ruleset` that drop or reject packets to one UDP port (libnftables-json(5)).
std::vector<FilterView> read_filters(std::string_view text) {
  std::vector<FilterView> filters;
  const auto value = parse_json(text);
  for (const auto& entry : value ? inspect::objects_in(*value, "nftables") : std::vector<json::object>()) {
    const auto rule = object_in(entry, "rule");
    FilterView filter{.family = text_in(rule, "family"),
                      .table = text_in(rule, "table"),
                      .chain = text_in(rule, "chain"),
                      .handle = static_cast<std::uint32_t>(number_in(rule, "handle"))};
    bool drops = false;
    for (const auto& part : inspect::objects_in(rule, "expr")) {
      drops |= part.contains("drop") || part.contains("reject");
      const auto match = object_in(part, "match");
      const auto field = object_in(object_in(match, "left"), "payload");
      if (text_in(field, "protocol") != "udp" || text_in(field, "field") != "dport") continue;
      filter.udp_port = static_cast<std::uint16_t>(number_in(match, "right"));
    }
    if (drops && filter.udp_port != 0) filters.push_back(std::move(filter));
  }
  return filters;
}

// " port  VLAN  MAC                Age"
std::vector<AddressView> read_addresses(std::string_view text) {
  std::vector<AddressView> addresses;
  for (const auto line : lines_of(text)) {
    const auto words = words_of(line);
    const auto mac = words.size() == 4 ? MacAddress::parse(words[2]) : std::nullopt;
    if (!mac) continue;
    std::uint16_t vlan = 0;
    std::from_chars(words[1].data(), words[1].data() + words[1].size(), vlan);
    addresses.push_back({.port = words[0], .vlan = vlan, .mac = *mac});
  }
  return addresses;
}

void name_ports(const std::string& bridge, std::vector<AddressView>& addresses, const HostView& view) {
  for (auto& address : addresses) {
    if (address.port == "LOCAL") address.port = bridge;
    for (const auto& [name, port] : view.ports) {
      if (port.bridge == bridge && port.ofport == address.port) {
        address.port = name;
        break;
      }
    }
  }
}

void read_section(std::string_view name, std::string_view text, HostView& view) {
  const auto words = words_of(name);
  if (words.empty()) return;
  const auto subject = words.size() > 1 ? words[1] : std::string();
  if (words[0] == "links") {
    for (const auto& link : array_of(text)) {
      if (link.is_object()) view.links[text_in(link.get_object(), "ifname")] = read_link(link.get_object());
    }
  } else if (words[0] == "switch") {
    view.switch_trouble = lines_of(text).empty() ? "" : std::string(lines_of(text).front());
  } else if (words[0] == "interfaces") {
    read_interfaces(text, view);
  } else if (words[0] == "ports") {
    read_ports(text, view);
  } else if (words[0] == "members") {
    for (const auto line : lines_of(text)) view.ports[std::string(line)].bridge = subject;
  } else if (words[0] == "addresses") {
    view.addresses[subject] = read_addresses(text);
  } else if (words[0] == "drops") {
    const auto value = parse_json(text);
    for (const auto& drop : inspect::read_drops(value ? *value : json::value()).drops) {
      view.drops.push_back({drop.port, drop.reason, drop.text, drop.frames});
    }
  } else if (words[0] == "firewall") {
    view.filters = read_filters(text);
  } else if (words[0] == "route") {
    const auto routes = array_of(text);
    view.routes[subject] = !routes.empty() && routes[0].is_object() ? text_in(routes[0].get_object(), "dev") : "";
  }
}

// --- asking ---------------------------------------------------------------------------------------------------------

std::set<std::string> bridges_of(const topology::Topology& lab) {
  std::set<std::string> bridges;
  for (const auto& network : lab.networks) bridges.insert(network.bridge);
  return bridges;
}

std::string switch_questions(const topology::Topology& lab, topology::SwitchKind kind) {
  std::string script = R"(echo "@@ switch"; ovs-appctl --timeout=5 version 2>&1 >/dev/null || echo
echo "@@ interfaces"; ovs-vsctl --timeout=5 --format=json --columns=name,error,ofport,status list Interface
echo "@@ ports"; ovs-vsctl --timeout=5 --format=json --columns=name,tag list Port
)";
  for (const auto& bridge : bridges_of(lab)) {
    script += fmt::format(
        "echo \"@@ members {0}\"; ovs-vsctl --timeout=5 list-ports {0}\n"
        "echo \"@@ addresses {0}\"; ovs-appctl --timeout=5 fdb/show {0}\n",
        bridge);
  }
  if (kind == topology::SwitchKind::weft) script += "echo \"@@ drops\"; weft drops --json\n";
  return script;
}

}  // namespace

std::vector<IpAddress> tunnel_destinations(const topology::Topology& lab, const topology::Host& host) {
  std::set<IpAddress> destinations;
  for (const auto& network : lab.networks) {
    if (!network.tunnel) continue;
    if (network.tunnel->group) destinations.insert(*network.tunnel->group);
    for (const auto& other : lab.hosts) {
      if (network.tunnel->group || other.name == host.name) continue;
      for (const auto& address : other.underlay) {
        if (address.address.is_v4() != network.tunnel->is_over_ipv6) destinations.insert(address.address);
      }
    }
  }
  return {destinations.begin(), destinations.end()};
}

std::string look_script(const topology::Topology& lab, const topology::Host& host) {
  std::string script =
      "exec 2>/dev/null\necho \"@@ links\"; ip -j -d -s link show\necho \"@@ firewall\"; nft -j list ruleset\n";
  for (const auto& destination : tunnel_destinations(lab, host)) {
    script += fmt::format("echo \"@@ route {0}\"; ip -j route get {0}\n", destination.to_string());
  }
  if (host.switch_kind != topology::SwitchKind::linux_bridge) script += switch_questions(lab, host.switch_kind);
  return script + "true\n";
}

HostView read_view(std::string_view output) {
  HostView view;
  std::string name, text;
  for (const auto line : lines_of(output)) {
    if (!line.starts_with(mark)) {
      text.append(line).push_back('\n');
      continue;
    }
    read_section(name, text, view);
    name = line.substr(mark.size());
    text.clear();
  }
  read_section(name, text, view);
  for (auto& [bridge, addresses] : view.addresses) name_ports(bridge, addresses, view);
  return view;
}

}  // namespace weft::lab
