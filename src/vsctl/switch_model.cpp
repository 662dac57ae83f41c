#include "vsctl/switch_model.hpp"

#include <fmt/format.h>

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

const std::vector<std::string_view> port_columns{"name", "tag", "fake_bridge"};

Query by_name(std::string_view table, std::string_view name, std::vector<std::string_view> columns = {"name"}) {
  return {.table = table, .where = equals("name", std::string(name)), .columns = std::move(columns)};
}

Result<std::optional<std::int64_t>> tag_of(View& view, const Uuid& port) {
  const auto tag = TRY(view.read("Port", port, "tag", Guard::none));
  const auto* value = tag.single<std::int64_t>();
  return value ? std::optional(*value) : std::nullopt;
}

// The VLAN, if the port is a fake bridge's local port.
Result<std::optional<std::int64_t>> fake_vlan(View& view, const Uuid& port) {
  const auto is_fake = TRY(view.read("Port", port, "fake_bridge", Guard::none));
  const auto* flag = is_fake.single<bool>();
  if (!flag || !*flag) return std::nullopt;
  return tag_of(view, port);
}

Result<std::optional<Uuid>> row_that_includes(View& view, std::string_view table, std::string_view column,
                                              const Uuid& element, const std::vector<std::string_view>& columns) {
  const auto rows = TRY(view.select({.table = table, .where = includes(column, element), .columns = columns}));
  return rows.empty() ? std::nullopt : std::optional(rows.front());
}

Result<std::optional<Bridge>> real_bridge_with(View& view, const Uuid& port) {
  const auto row = TRY(row_that_includes(view, "Bridge", "ports", port, {"name"}));
  if (!row) return std::nullopt;
  auto name = TRY(name_of(view, "Bridge", *row));
  return Bridge{.name = name, .row = *row, .real_name = name};
}

Result<std::optional<Bridge>> fake_bridge_at(View& view, const Uuid& port) {
  const auto vlan = TRY(fake_vlan(view, port));
  if (!vlan) return std::nullopt;
  auto bridge = TRY(real_bridge_with(view, port));
  if (!bridge) return std::nullopt;
  bridge->name = TRY(name_of(view, "Port", port));
  bridge->vlan = *vlan;
  bridge->local_port = port;
  return bridge;
}

Result<RowIds> all_fake_ports(View& view) {
  return view.select({.table = "Port", .where = equals("fake_bridge", true), .columns = port_columns});
}

// The bridge that a port of `real` with this tag belongs to: a fake bridge on that VLAN, or `real` itself.
Result<Bridge> bridge_on_vlan(View& view, const Bridge& real, std::int64_t vlan) {
  for (const auto& row : TRY(all_fake_ports(view))) {
    if (TRY(fake_vlan(view, row)) != vlan) continue;
    const auto fake = TRY(fake_bridge_at(view, row));
    if (fake && fake->row == real.row) return *fake;
  }
  return real;
}

// The port at `row`, unless it is a local port.
Result<std::optional<Port>> port_at(View& view, const Uuid& row) {
  if (TRY(fake_vlan(view, row))) return std::nullopt;
  const auto real = TRY(real_bridge_with(view, row));
  if (!real) return std::nullopt;
  auto name = TRY(name_of(view, "Port", row));
  const auto tag = TRY(tag_of(view, row));
  auto bridge = tag ? TRY(bridge_on_vlan(view, *real, *tag)) : *real;
  if (name == bridge.name || name == real->name) return std::nullopt;
  return Port{std::move(name), row, std::move(bridge)};
}

}  // namespace

Result<Uuid> root_row(View& view) {
  const auto rows = TRY(view.select({.table = "Open_vSwitch"}));
  if (rows.empty()) return fail("protocol error", "the database has no row in table Open_vSwitch");
  return rows.front();
}

Result<std::string> name_of(View& view, std::string_view table, const Uuid& row) {
  // Names never change: no guard.
  const auto name = TRY(view.read(table, row, "name", Guard::none));
  const auto* text = name.single<std::string>();
  return text ? *text : std::string();
}

Result<std::optional<Bridge>> find_bridge(View& view, std::string_view name) {
  const auto rows = TRY(view.select({by_name("Bridge", name), by_name("Port", name, port_columns)}));
  if (!rows[0].empty())
    return Bridge{.name = std::string(name), .row = rows[0].front(), .real_name = std::string(name)};
  if (rows[1].empty()) return std::nullopt;
  return fake_bridge_at(view, rows[1].front());
}

Result<std::optional<Port>> find_port(View& view, std::string_view name) {
  const auto rows = TRY(view.select(by_name("Port", name, port_columns)));
  if (rows.empty()) return std::nullopt;
  return port_at(view, rows.front());
}

Result<std::optional<Interface>> find_interface(View& view, std::string_view name) {
  const auto rows = TRY(view.select(by_name("Interface", name)));
  if (rows.empty()) return std::nullopt;
  const auto port_row = TRY(row_that_includes(view, "Port", "interfaces", rows.front(), port_columns));
  if (!port_row) return std::nullopt;
  auto port = TRY(port_at(view, *port_row));
  if (!port || port->bridge.name == name) return std::nullopt;
  return Interface{std::string(name), rows.front(), *std::move(port)};
}

Result<Bridge> require_bridge(View& view, std::string_view name) {
  if (auto found = TRY(find_bridge(view, name))) return *std::move(found);
  return fail("no such bridge", fmt::format("no bridge named {}", name));
}

Result<Port> require_port(View& view, std::string_view name) {
  if (auto found = TRY(find_port(view, name))) return *std::move(found);
  return fail("no such port", fmt::format("no port named {}", name));
}

Result<Interface> require_interface(View& view, std::string_view name) {
  if (auto found = TRY(find_interface(view, name))) return *std::move(found);
  return fail("no such interface", fmt::format("no interface named {}", name));
}

Result<std::vector<Bridge>> all_bridges(View& view) {
  std::vector<Bridge> bridges;
  const auto rows =
      TRY(view.select({{.table = "Bridge", .columns = {"name"}},
                       {.table = "Port", .where = equals("fake_bridge", true), .columns = port_columns}}));
  for (const auto& row : rows[0]) {
    auto name = TRY(name_of(view, "Bridge", row));
    bridges.push_back({.name = name, .row = row, .real_name = name});
  }
  for (const auto& row : rows[1]) {
    if (auto fake = TRY(fake_bridge_at(view, row))) bridges.push_back(*std::move(fake));
  }
  std::ranges::sort(bridges, {}, &Bridge::name);
  return bridges;
}

Result<std::vector<Bridge>> fake_bridges_of(View& view, const Bridge& bridge) {
  auto fakes = TRY(all_bridges(view));
  std::erase_if(fakes, [&](const Bridge& each) { return !each.is_fake() || each.row != bridge.row; });
  return fakes;
}

Result<std::vector<Port>> ports_of(View& view, const Bridge& bridge) {
  // One answer with every port is cheaper than a question for each of this bridge.
  TRY(view.select({{.table = "Bridge", .where = equals("name", bridge.real_name), .columns = {"ports"}},
                   {.table = "Port", .columns = {"name", "tag", "fake_bridge", "interfaces"}, .guard = Guard::none}}));
  std::map<std::int64_t, Bridge> fakes;
  for (auto& fake : TRY(fake_bridges_of(view, bridge))) fakes.emplace(fake.vlan, std::move(fake));
  std::vector<Port> ports;
  const auto rows = TRY(view.read("Bridge", bridge.row, "ports", Guard::none));
  for (const auto& atom : rows.keys()) {
    const auto& row = std::get<Uuid>(atom);
    if (TRY(fake_vlan(view, row))) continue;
    const auto tag = TRY(tag_of(view, row));
    const auto fake = tag ? fakes.find(*tag) : fakes.end();
    const auto& owner = fake == fakes.end() ? bridge.real_name : fake->second.name;
    auto name = TRY(name_of(view, "Port", row));
    if (owner == bridge.name && name != bridge.real_name) ports.push_back({std::move(name), row, bridge});
  }
  std::ranges::sort(ports, {}, &Port::name);
  return ports;
}

Result<std::vector<Uuid>> interfaces_of(View& view, const Uuid& port) {
  std::vector<Uuid> rows;
  const auto interfaces = TRY(view.read("Port", port, "interfaces", Guard::columns));
  for (const auto& atom : interfaces.keys()) rows.push_back(std::get<Uuid>(atom));
  return rows;
}

Result<> check_unused(View& view, std::string_view name, std::string_view what) {
  const auto rows =
      TRY(view.select({by_name("Bridge", name), by_name("Port", name, port_columns), by_name("Interface", name)}));
  if (std::ranges::all_of(rows, [](const RowIds& ids) { return ids.empty(); })) return {};
  const auto used = [&](std::string_view why) { return fail("name in use", fmt::format("{} because {}", what, why)); };
  if (TRY(find_bridge(view, name))) return used(fmt::format("a bridge named {} already exists", name));
  if (const auto port = TRY(find_port(view, name))) {
    return used(fmt::format("a port named {} already exists on bridge {}", name, port->bridge.name));
  }
  if (const auto interface = TRY(find_interface(view, name))) {
    return used(fmt::format("an interface named {} already exists on bridge {}", name, interface->port.bridge.name));
  }
  return {};
}

}  // namespace weft::vsctl
