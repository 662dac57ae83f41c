// What clients have written into the database, as typed values: no rule is applied yet, nothing is judged.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/uuid.hpp"
#include "ovsdb/database.hpp"
#include "reconcile/columns.hpp"

namespace weft::reconcile {

struct InterfaceConfig {
  Uuid uuid = {};
  std::string name = {};
  std::string type = {};
  std::optional<std::int64_t> ofport = {};  // As we wrote it last.
  std::optional<std::int64_t> ofport_request = {};
  std::optional<std::int64_t> mtu_request = {};
  std::optional<std::string> mac = {};
  std::optional<std::string> admin_state = {};  // other_config:admin-state
};

struct PortConfig {
  std::string name = {};
  std::string vlan_mode = {};  // Empty: by the other columns.
  std::optional<std::int64_t> tag = {};
  bool has_trunks = false;
  std::vector<InterfaceConfig> interfaces = {};  // By name.
};

struct BridgeConfig {
  Uuid uuid = {};
  std::string name = {};
  // other_config: mac-aging-time, forward-bpdu, hwaddr, datapath-id
  std::optional<std::string> mac_aging_time = {};
  std::optional<std::string> forward_bpdu = {};
  std::optional<std::string> hwaddr = {};
  std::optional<std::string> datapath_id = {};
  std::vector<PortConfig> ports = {};  // By name.
};

struct Configuration {
  std::optional<Uuid> open_vswitch = {};  // The row of table Open_vSwitch.
  std::int64_t next_cfg = 0;
  std::optional<std::string> stats_update_interval = {};  // other_config, in milliseconds
  std::vector<BridgeConfig> bridges = {};                 // By name.
};

Configuration read_configuration(const ovsdb::Database& database, const Columns& columns);

// The change is one that read_configuration() could see: not merely of status that we write ourselves.
bool touches_configuration(const ovsdb::ChangeSet& changes, const Columns& columns);

}  // namespace weft::reconcile
