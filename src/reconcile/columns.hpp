// Where the tables and columns of the Open_vSwitch schema are that reconcile/ reads or writes: looked up once.
#pragma once

#include <cstddef>

#include "base/error.hpp"
#include "ovsdb/schema.hpp"

namespace weft::reconcile {

struct SwitchColumns {  // Table Open_vSwitch: one row.
  std::size_t table;
  std::size_t bridges, next_cfg, other_config, external_ids;
  std::size_t cur_cfg, ovs_version, db_version, system_type, system_version, datapath_types, iface_types;
};

struct BridgeColumns {
  std::size_t table;
  std::size_t name_index;  // Position in TableSchema::indexes of the one over `name`.
  std::size_t name, ports, flood_vlans, other_config;
  std::size_t datapath_id, status;
};

struct PortColumns {
  std::size_t table;
  std::size_t name, interfaces, vlan_mode, tag, trunks, cvlans, other_config, status;
};

struct InterfaceColumns {
  std::size_t table;
  std::size_t name_index;  // As above.
  std::size_t name, type, options, mac, mtu_request, ofport_request, other_config, external_ids;
  std::size_t ofport, error, ifindex, mac_in_use, mtu, admin_state, link_state, link_speed, link_resets, duplex,
      statistics, status;
};

struct Columns {
  SwitchColumns open_vswitch;
  BridgeColumns bridge;
  PortColumns port;
  InterfaceColumns interface;

  // `own`: the schema that we know. "unsuitable schema" names the table, column or index that `schema` lacks, or the
  // column whose type is another one than we know; what else differs does not matter.
  static Result<Columns> resolve(const ovsdb::DatabaseSchema& schema, const ovsdb::DatabaseSchema& own);
};

}  // namespace weft::reconcile
