#include "reconcile/configured_database.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/check.hpp"
#include "ovsdb/transaction.hpp"
#include "reconcile/row_editor.hpp"
#include "schema/vswitch.hpp"

namespace weft::reconcile {
namespace {

using ovsdb::Datum;

// By UUID: the values of columns; those that are not named stay as they are, in new rows at their defaults.
using Contents = std::map<Uuid, std::map<std::size_t, Datum>>;

Datum map_of(std::initializer_list<std::pair<const char*, std::optional<std::string>>> entries,
             std::map<std::string, std::string> map = {}) {
  for (const auto& [key, value] : entries) {
    if (value) map[key] = *value;
  }
  return to_datum(map);
}

Datum other_config_of(const InterfaceConfig& interface) {
  const auto& guest = interface.guest;
  return map_of({{"admin-state", interface.admin_state},
                 {"fast-path", interface.fast_path},
                 {"ip-address", guest.ip_address},
                 {"ip6-address", guest.ip6_address},
                 {"hostname", guest.hostname},
                 {"instance-id", guest.instance_id},
                 {"ssh-keys", guest.ssh_keys},
                 {"user-data", guest.user_data},
                 {"port-security", guest.port_security}});
}

Datum numbers(const std::set<std::int64_t>& wanted) {
  return Datum::set(std::vector<ovsdb::Atom>(wanted.begin(), wanted.end()));
}

Datum references(const Contents& rows, const std::vector<Uuid>& wanted) {
  std::vector<ovsdb::Atom> atoms;
  for (const auto& uuid : wanted) atoms.emplace_back(uuid);
  EXPECT_TRUE(std::ranges::all_of(wanted, [&](const auto& uuid) { return rows.contains(uuid); }));
  return Datum::set(std::move(atoms));
}

std::vector<Datum> defaults_of(const ovsdb::TableSchema& table) {
  std::vector<Datum> row;
  for (const auto& column : table.columns) row.push_back(column.default_value);
  return row;
}

void write(ovsdb::Transaction& transaction, std::size_t table, const Contents& contents) {
  std::vector<Uuid> gone;
  transaction.for_each(table, [&](const ovsdb::RowPtr& row) {
    if (!contents.contains(row->uuid())) gone.push_back(row->uuid());
    return true;
  });
  for (const auto& uuid : gone) transaction.erase(table, uuid);
  for (const auto& [uuid, values] : contents) {
    const auto present = transaction.find(table, uuid);
    auto row = present ? present->columns : defaults_of(transaction.database().schema().tables[table]);
    row[ovsdb::uuid_column] = Datum::scalar(uuid);
    for (const auto& [column, value] : values) row[column] = value;
    if (present) {
      transaction.replace(table, uuid, std::move(row));
    } else {
      transaction.insert(table, std::move(row));
    }
  }
}

}  // namespace

ConfiguredDatabase::ConfiguredDatabase(const Rows& rows)
    : database_(
          std::make_unique<ovsdb::Database>(*ovsdb::DatabaseSchema::from_json(*parse_json(vswitch_schema())), nullptr)),
      columns_(*Columns::resolve(database_->schema(), database_->schema())) {
  configure(rows);
}

void ConfiguredDatabase::configure(const Rows& rows) {
  Contents bridges, ports, interfaces;
  std::vector<Uuid> of_switch;
  for (const auto& [bridge, port_rows, services] : rows) {
    std::vector<Uuid> of_bridge;
    for (const auto& [uuid, port, interface_configs] : port_rows) {
      std::vector<Uuid> of_port;
      for (const auto& interface : interface_configs) {
        const auto& at = columns_.interface;
        of_port.push_back(interface.uuid);
        std::map<std::size_t, Datum> row = {{at.name, to_datum(interface.name)},
                                            {at.type, to_datum(interface.type)},
                                            {at.options, to_datum(interface.options)},
                                            {at.ofport_request, to_datum(interface.ofport_request)},
                                            {at.mtu_request, to_datum(interface.mtu_request)},
                                            {at.mac, to_datum(interface.mac)},
                                            {at.other_config, other_config_of(interface)},
                                            {at.external_ids, map_of({{"attached-mac", interface.guest.attached_mac},
                                                                      {"iface-id", interface.guest.iface_id},
                                                                      {"vm-id", interface.guest.vm_id}})}};
        if (interface.ofport) row[at.ofport] = to_datum(*interface.ofport);
        interfaces.try_emplace(interface.uuid, std::move(row));
      }
      const auto& at = columns_.port;
      of_bridge.push_back(uuid);
      ports.try_emplace(uuid, std::map<std::size_t, Datum>{
                                  {at.name, to_datum(port.name)},
                                  {at.vlan_mode, port.vlan_mode.empty() ? Datum() : to_datum(port.vlan_mode)},
                                  {at.tag, to_datum(port.tag)},
                                  {at.trunks, numbers(port.trunks)},
                                  {at.cvlans, numbers(port.cvlans)},
                                  {at.other_config, map_of({{"qinq-ethtype", port.qinq_ethtype},
                                                            {"priority-tags", port.priority_tags},
                                                            {"fast-path", port.fast_path}})},
                                  {at.interfaces, references(interfaces, of_port)}});
    }
    const auto& at = columns_.bridge;
    of_switch.push_back(bridge.uuid);
    bridges.try_emplace(
        bridge.uuid, std::map<std::size_t, Datum>{{at.name, to_datum(bridge.name)},
                                                  {at.ports, references(ports, of_bridge)},
                                                  {at.flood_vlans, numbers(bridge.flood_vlans)},
                                                  {at.other_config, map_of({{"mac-aging-time", bridge.mac_aging_time},
                                                                            {"mac-table-size", bridge.mac_table_size},
                                                                            {"forward-bpdu", bridge.forward_bpdu},
                                                                            {"hwaddr", bridge.hwaddr},
                                                                            {"datapath-id", bridge.datapath_id},
                                                                            {"fast-path", bridge.fast_path}},
                                                                           services)}});
  }
  ovsdb::Transaction transaction(*database_);
  const auto& at = columns_.open_vswitch;
  const auto the_row = *Uuid::parse("00000000-0000-4000-8000-ffffffffffff");
  write(transaction, columns_.interface.table, interfaces);
  write(transaction, columns_.port.table, ports);
  write(transaction, columns_.bridge.table, bridges);
  write(transaction, at.table, {{the_row, {{at.bridges, references(bridges, of_switch)}}}});
  const auto committed = transaction.commit();
  EXPECT_TRUE(committed) << committed.error().details;
}

void ConfiguredDatabase::write_ofport(const Uuid& interface, std::int64_t ofport) {
  ovsdb::Transaction transaction(*database_);
  RowEditor(transaction, columns_.interface.table, interface).set(columns_.interface.ofport, to_datum(ofport));
  EXPECT_TRUE(transaction.commit());
}

}  // namespace weft::reconcile
