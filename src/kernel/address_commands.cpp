#include "kernel/address_commands.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "model/desired.hpp"

namespace weft::kernel {
namespace {

using unixctl::Arguments;
using Answer = Result<std::string>;

constexpr std::uint16_t max_vlan = 4095;

std::unexpected<Error> refuse(std::string why) { return fail("usage", std::move(why)); }

Result<BridgeId> bridge_named(const KernelHost& host, const std::string& name) {
  const auto bridge = host.ports().find_bridge(name);
  if (!bridge) return refuse("no such bridge");
  return *bridge;
}

Result<std::uint16_t> parse_vlan(const std::string& text) {
  std::uint16_t vlan = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), vlan);
  if (error != std::errc() || end != text.data() + text.size() || vlan > max_vlan) {
    return refuse(fmt::format("bad VLAN \"{}\": 0 for untagged, or a number up to {}", text, max_vlan));
  }
  return vlan;
}

Result<MacAddress> parse_mac(const std::string& text) {
  const auto mac = MacAddress::parse(text);
  if (!mac) return refuse("bad MAC address");
  return *mac;
}

Result<Slot> port_named(const KernelHost& host, BridgeId bridge, const std::string& name) {
  const auto& ports = host.ports();
  const auto slot = host.find_port(name);
  if (slot == 0 || ports.port(slot).bridge != bridge) {
    return refuse(fmt::format("\"{}\" is no port of bridge {}", name, ports.bridge(bridge).name));
  }
  return slot;
}

Answer show(const KernelHost& host, Arguments arguments) {
  const auto bridge = TRY(bridge_named(host, arguments[0]));
  auto addresses = TRY(host.addresses());
  std::erase_if(addresses, [=](const Address& address) { return address.bridge != bridge; });
  return describe_addresses(std::move(addresses), host.ports());
}

Answer show_statistics(const KernelHost& host, Arguments arguments) {
  const auto id = TRY(bridge_named(host, arguments[0]));
  const auto& bridge = host.ports().bridge(id);
  auto addresses = TRY(host.addresses());
  std::erase_if(addresses, [=](const Address& address) { return address.bridge != id; });
  auto text = fmt::format("Statistics for bridge \"{}\":\n", bridge.name);
  text += fmt::format("  Current/maximum MAC entries in the table: {}/{}\n", addresses.size(), bridge.max_addresses);
  text += fmt::format("  Current static MAC entries in the table : {}\n",
                      std::ranges::count(addresses, true, &Address::is_static));
  text += fmt::format("  Total number of learned MAC entries     : {}\n", bridge.learned);
  text += fmt::format("  Total number of expired MAC entries     : {}\n", bridge.expired);
  text += fmt::format("  Total number of evicted MAC entries     : {}\n", bridge.evicted);
  text += fmt::format("  Total number of port moved MAC entries  : {}\n", bridge.moved);
  return text;
}

Answer clear_statistics(KernelHost& host, Arguments arguments) {
  auto bridges = host.ports().bridges_in_use();
  if (!arguments.empty()) bridges = {TRY(bridge_named(host, arguments[0]))};
  for (const auto bridge : bridges) host.clear_address_statistics(bridge);
  return "statistics successfully cleared";
}

Answer flush(KernelHost& host, Arguments arguments) {
  std::optional<BridgeId> bridge;
  if (!arguments.empty()) bridge = TRY(bridge_named(host, arguments[0]));
  TRY(host.flush_addresses(bridge));
  return "table successfully flushed";
}

Answer add(KernelHost& host, Arguments arguments) {
  const auto bridge = TRY(bridge_named(host, arguments[0]));
  const auto port = TRY(port_named(host, bridge, arguments[1]));
  const auto vlan = TRY(parse_vlan(arguments[2]));
  const auto mac = TRY(parse_mac(arguments[3]));
  TRY(host.put_static_address({.bridge = bridge, .vlan = vlan, .mac = mac, .port = port, .is_static = true}));
  return "";
}

Answer remove(KernelHost& host, Arguments arguments) {
  const auto bridge = TRY(bridge_named(host, arguments[0]));
  const auto vlan = TRY(parse_vlan(arguments[1]));
  const auto mac = TRY(parse_mac(arguments[2]));
  if (!TRY(host.remove_static_address(bridge, vlan, mac))) return refuse("could not find static mac entry");
  return "";
}

}  // namespace

void add_address_commands(unixctl::CommandTable& table, KernelHost& host) {
  const auto on_host = [&host](auto command) {
    return [&host, command](Arguments arguments) -> Answer { return command(host, arguments); };
  };
  table.add({"fdb/show", "bridge", 1, 1, on_host(show)});
  table.add({"fdb/flush", "[bridge]", 0, 1, on_host(flush)});
  table.add({"fdb/stats-show", "bridge", 1, 1, on_host(show_statistics)});
  table.add({"fdb/stats-clear", "[bridge]", 0, 1, on_host(clear_statistics)});
  table.add({"fdb/add", "bridge port vlan mac", 4, 4, on_host(add)});
  table.add({"fdb/del", "bridge vlan mac", 3, 3, on_host(remove)});
}

std::string describe_addresses(std::vector<Address> addresses, const PortTable& ports) {
  std::ranges::sort(addresses, {}, [](const Address& address) {
    return std::tuple(!address.is_static, ~address.age_s, address.vlan, address.mac);
  });
  std::string table = " port  VLAN  MAC                Age\n";
  for (const auto& address : addresses) {
    const auto ofport = ports.port(address.port).ofport;
    table += fmt::format("{:>5} {:>5}  {}  {}\n", ofport == model::local_ofport ? "LOCAL" : fmt::to_string(ofport),
                         address.vlan, address.mac.to_string(),
                         address.is_static ? "static" : fmt::format("{:>3}", address.age_s));
  }
  return table;
}

}  // namespace weft::kernel
