#include "reconcile/configuration.hpp"

#include <algorithm>
#include <initializer_list>

namespace weft::reconcile {
namespace {

using ovsdb::Database;
using ovsdb::Datum;
using ovsdb::Row;

template <class T>
std::optional<T> optional_of(const Datum& datum) {
  const auto* value = datum.single<T>();
  return value == nullptr ? std::nullopt : std::optional<T>(*value);
}

std::string text_of(const Datum& datum) { return optional_of<std::string>(datum).value_or(""); }

std::optional<std::string> value_at(const Datum& map, std::string_view key) {
  const auto* value = map.string_at(key);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

// The rows that a set of references names, read by `read` and sorted by name.
template <class Read>
auto read_all(const Database& database, std::size_t table, const Datum& references, Read read) {
  std::vector<decltype(read(std::declval<const Row&>()))> result;
  for (const auto& reference : references.keys()) {
    const auto* uuid = std::get_if<Uuid>(&reference);
    const auto row = uuid == nullptr ? nullptr : database.find(table, *uuid);
    if (row) result.push_back(read(*row));
  }
  std::ranges::sort(result, {}, [](const auto& item) { return item.name; });
  return result;
}

InterfaceConfig read_interface(const Row& row, const InterfaceColumns& at) {
  const auto& values = row.columns;
  return {.uuid = row.uuid(),
          .name = text_of(values[at.name]),
          .type = text_of(values[at.type]),
          .ofport = optional_of<std::int64_t>(values[at.ofport]),
          .ofport_request = optional_of<std::int64_t>(values[at.ofport_request]),
          .mtu_request = optional_of<std::int64_t>(values[at.mtu_request]),
          .mac = optional_of<std::string>(values[at.mac]),
          .admin_state = value_at(values[at.other_config], "admin-state")};
}

PortConfig read_port(const Database& database, const Row& row, const Columns& columns) {
  const auto& values = row.columns;
  const auto& at = columns.port;
  return {.name = text_of(values[at.name]),
          .vlan_mode = text_of(values[at.vlan_mode]),
          .tag = optional_of<std::int64_t>(values[at.tag]),
          .has_trunks = !values[at.trunks].empty(),
          .interfaces = read_all(database, columns.interface.table, values[at.interfaces],
                                 [&](const Row& of) { return read_interface(of, columns.interface); })};
}

BridgeConfig read_bridge(const Database& database, const Row& row, const Columns& columns) {
  const auto& values = row.columns;
  const auto& at = columns.bridge;
  const auto& other_config = values[at.other_config];
  return {.uuid = row.uuid(),
          .name = text_of(values[at.name]),
          .mac_aging_time = value_at(other_config, "mac-aging-time"),
          .forward_bpdu = value_at(other_config, "forward-bpdu"),
          .hwaddr = value_at(other_config, "hwaddr"),
          .datapath_id = value_at(other_config, "datapath-id"),
          .ports = read_all(database, columns.port.table, values[at.ports],
                            [&](const Row& of) { return read_port(database, of, columns); })};
}

bool differs(const ovsdb::ChangeSet& changes, std::size_t table, std::initializer_list<std::size_t> columns) {
  if (table >= changes.tables.size()) return false;
  return std::ranges::any_of(changes.tables[table], [&](const auto& entry) {
    const auto& [before, after] = entry.second;
    if (!before || !after) return true;
    return std::ranges::any_of(columns, [&](auto column) { return before->columns[column] != after->columns[column]; });
  });
}

}  // namespace

Configuration read_configuration(const Database& database, const Columns& columns) {
  const auto& at = columns.open_vswitch;
  Configuration result;
  const auto& rows = database.rows(at.table);
  if (rows.empty()) return result;
  const auto& row = *rows.begin()->second;  // The schema allows one.
  result.open_vswitch = row.uuid();
  result.next_cfg = optional_of<std::int64_t>(row.columns[at.next_cfg]).value_or(0);
  result.stats_update_interval = value_at(row.columns[at.other_config], "stats-update-interval");
  result.bridges = read_all(database, columns.bridge.table, row.columns[at.bridges],
                            [&](const Row& of) { return read_bridge(database, of, columns); });
  return result;
}

bool touches_configuration(const ovsdb::ChangeSet& changes, const Columns& columns) {
  const auto& [root, bridge, port, interface] = columns;
  return differs(changes, root.table, {root.bridges, root.next_cfg, root.other_config}) ||
         differs(changes, bridge.table, {bridge.name, bridge.ports, bridge.other_config}) ||
         differs(changes, port.table, {port.name, port.interfaces, port.tag, port.trunks, port.vlan_mode}) ||
         differs(changes, interface.table,
                 {interface.name, interface.type, interface.mac, interface.mtu_request, interface.ofport_request,
                  interface.other_config});
}

}  // namespace weft::reconcile
