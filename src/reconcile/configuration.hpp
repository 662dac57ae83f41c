// What clients have written into the database, as typed values: no rule is applied yet, nothing is judged.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/uuid.hpp"
#include "ovsdb/database.hpp"
#include "reconcile/columns.hpp"

namespace weft::reconcile {

// Who is behind an interface, as other_config and external_ids say it.
struct GuestConfig {
  // other_config: ip-address, ip6-address, hostname, instance-id, ssh-keys, user-data, port-security
  std::optional<std::string> ip_address = {}, ip6_address = {};
  std::optional<std::string> hostname = {}, instance_id = {};
  std::optional<std::string> ssh_keys = {}, user_data = {};
  std::optional<std::string> port_security = {};
  // external_ids, as libvirt and os-vif write them: attached-mac, iface-id, vm-id
  std::optional<std::string> attached_mac = {}, iface_id = {}, vm_id = {};

  bool operator==(const GuestConfig&) const = default;
};

struct InterfaceConfig {
  Uuid uuid = {};
  std::string name = {};
  std::string type = {};
  std::map<std::string, std::string> options = {};
  std::optional<std::int64_t> ofport = {};  // As we wrote it last.
  std::optional<std::int64_t> ofport_request = {};
  std::optional<std::int64_t> mtu_request = {};
  std::optional<std::string> mac = {};
  std::optional<std::string> admin_state = {};  // other_config:admin-state
  std::optional<std::string> fast_path = {};    // other_config:fast-path
  GuestConfig guest = {};
};

struct PortConfig {
  std::string name = {};
  std::string vlan_mode = {};  // Empty: by the other columns.
  std::optional<std::int64_t> tag = {};
  std::set<std::int64_t> trunks = {};
  std::set<std::int64_t> cvlans = {};
  std::optional<std::string> qinq_ethtype = {};   // other_config:qinq-ethtype
  std::optional<std::string> priority_tags = {};  // other_config:priority-tags
  std::size_t interface_count = 1;
  std::optional<std::string> fast_path = {};  // other_config:fast-path
};

struct BridgeConfig {
  Uuid uuid = {};
  std::string name = {};
  std::set<std::int64_t> flood_vlans = {};
  // other_config: mac-aging-time, mac-table-size, forward-bpdu, hwaddr, datapath-id, fast-path
  std::optional<std::string> mac_aging_time = {};
  std::optional<std::string> mac_table_size = {};
  std::optional<std::string> forward_bpdu = {};
  std::optional<std::string> hwaddr = {};
  std::optional<std::string> datapath_id = {};
  std::optional<std::string> fast_path = {};
};

struct SwitchConfig {
  Uuid uuid = {};
  std::int64_t next_cfg = 0;
  std::optional<std::string> stats_update_interval = {};  // other_config, in milliseconds
};

InterfaceConfig read_interface(const ovsdb::Row& row, const InterfaceColumns& columns);
PortConfig read_port(const ovsdb::Row& row, const PortColumns& columns);
BridgeConfig read_bridge(const ovsdb::Row& row, const BridgeColumns& columns);
// All of Bridge other_config: what the bridge serves stands there, in keys of any VLAN.
std::map<std::string, std::string> read_bridge_settings(const ovsdb::Row& row, const BridgeColumns& columns);
// None while table Open_vSwitch is empty.
std::optional<SwitchConfig> read_switch(const ovsdb::Database& database, const SwitchColumns& columns);

// The change is one that the functions above could see: not merely of status that we write ourselves.
bool touches_configuration(const ovsdb::RowChange& change, const InterfaceColumns& columns);
bool touches_configuration(const ovsdb::RowChange& change, const PortColumns& columns);
bool touches_configuration(const ovsdb::RowChange& change, const BridgeColumns& columns);
bool touches_configuration(const ovsdb::RowChange& change, const SwitchColumns& columns);

}  // namespace weft::reconcile
