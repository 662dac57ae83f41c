#include "reconcile/configuration.hpp"

#include <algorithm>
#include <initializer_list>

namespace weft::reconcile {
namespace {

using ovsdb::Datum;
using ovsdb::Row;
using ovsdb::RowChange;

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

std::set<std::int64_t> numbers_of(const Datum& datum) {
  std::set<std::int64_t> numbers;
  for (const auto& atom : datum.keys()) numbers.insert(numbers.end(), std::get<std::int64_t>(atom));
  return numbers;
}

std::map<std::string, std::string> strings_of(const Datum& map) {
  std::map<std::string, std::string> strings;
  for (std::size_t i = 0; i < map.values().size(); ++i) {
    strings.emplace(std::get<std::string>(map.keys()[i]), std::get<std::string>(map.values()[i]));
  }
  return strings;
}

GuestConfig guest_of(const Datum& other_config, const Datum& external_ids) {
  return {.ip_address = value_at(other_config, "ip-address"),
          .ip6_address = value_at(other_config, "ip6-address"),
          .hostname = value_at(other_config, "hostname"),
          .instance_id = value_at(other_config, "instance-id"),
          .ssh_keys = value_at(other_config, "ssh-keys"),
          .user_data = value_at(other_config, "user-data"),
          .port_security = value_at(other_config, "port-security"),
          .attached_mac = value_at(external_ids, "attached-mac"),
          .iface_id = value_at(external_ids, "iface-id"),
          .vm_id = value_at(external_ids, "vm-id")};
}

bool differs(const RowChange& change, std::initializer_list<std::size_t> columns) {
  const auto& [before, after] = change;
  if (!before || !after) return true;
  return std::ranges::any_of(columns, [&](auto column) { return before->columns[column] != after->columns[column]; });
}

}  // namespace

InterfaceConfig read_interface(const Row& row, const InterfaceColumns& at) {
  const auto& values = row.columns;
  return {.uuid = row.uuid(),
          .name = text_of(values[at.name]),
          .type = text_of(values[at.type]),
          .options = strings_of(values[at.options]),
          .ofport = optional_of<std::int64_t>(values[at.ofport]),
          .ofport_request = optional_of<std::int64_t>(values[at.ofport_request]),
          .mtu_request = optional_of<std::int64_t>(values[at.mtu_request]),
          .mac = optional_of<std::string>(values[at.mac]),
          .admin_state = value_at(values[at.other_config], "admin-state"),
          .fast_path = value_at(values[at.other_config], "fast-path"),
          .guest = guest_of(values[at.other_config], values[at.external_ids])};
}

PortConfig read_port(const Row& row, const PortColumns& at) {
  const auto& values = row.columns;
  return {.name = text_of(values[at.name]),
          .vlan_mode = text_of(values[at.vlan_mode]),
          .tag = optional_of<std::int64_t>(values[at.tag]),
          .trunks = numbers_of(values[at.trunks]),
          .cvlans = numbers_of(values[at.cvlans]),
          .qinq_ethtype = value_at(values[at.other_config], "qinq-ethtype"),
          .priority_tags = value_at(values[at.other_config], "priority-tags"),
          .interface_count = values[at.interfaces].size(),
          .fast_path = value_at(values[at.other_config], "fast-path")};
}

BridgeConfig read_bridge(const Row& row, const BridgeColumns& at) {
  const auto& values = row.columns;
  const auto& other_config = values[at.other_config];
  return {.uuid = row.uuid(),
          .name = text_of(values[at.name]),
          .flood_vlans = numbers_of(values[at.flood_vlans]),
          .mac_aging_time = value_at(other_config, "mac-aging-time"),
          .mac_table_size = value_at(other_config, "mac-table-size"),
          .forward_bpdu = value_at(other_config, "forward-bpdu"),
          .hwaddr = value_at(other_config, "hwaddr"),
          .datapath_id = value_at(other_config, "datapath-id"),
          .fast_path = value_at(other_config, "fast-path")};
}

std::map<std::string, std::string> read_bridge_settings(const Row& row, const BridgeColumns& at) {
  return strings_of(row.columns[at.other_config]);
}

std::optional<SwitchConfig> read_switch(const ovsdb::Database& database, const SwitchColumns& at) {
  const auto& rows = database.rows(at.table);
  if (rows.empty()) return std::nullopt;
  const auto& row = *rows.begin()->second;  // The schema allows one.
  return SwitchConfig{.uuid = row.uuid(),
                      .next_cfg = optional_of<std::int64_t>(row.columns[at.next_cfg]).value_or(0),
                      .stats_update_interval = value_at(row.columns[at.other_config], "stats-update-interval")};
}

bool touches_configuration(const RowChange& change, const InterfaceColumns& at) {
  return differs(change, {at.name, at.type, at.options, at.mac, at.mtu_request, at.ofport_request, at.other_config,
                          at.external_ids});
}
bool touches_configuration(const RowChange& change, const PortColumns& at) {
  return differs(change, {at.name, at.interfaces, at.vlan_mode, at.tag, at.trunks, at.cvlans, at.other_config});
}
bool touches_configuration(const RowChange& change, const BridgeColumns& at) {
  return differs(change, {at.name, at.ports, at.flood_vlans, at.other_config});
}
bool touches_configuration(const RowChange& change, const SwitchColumns& at) {
  return differs(change, {at.bridges, at.next_cfg, at.other_config});
}

}  // namespace weft::reconcile
