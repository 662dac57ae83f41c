#include "reconcile/columns.hpp"

#include <fmt/format.h>

namespace weft::reconcile {
namespace {

// Columns of one table, by name; remembers the first one that is missing.
class Lookup {
 public:
  Lookup(const ovsdb::DatabaseSchema& schema, std::string_view table) : table_name_(table) {
    if (const auto position = schema.find(table)) {
      position_ = *position;
      table_ = &schema.tables[position_];
    } else {
      missing_ = fmt::format("table {}", table);
    }
  }

  std::size_t table() const { return position_; }
  std::size_t operator()(std::string_view column) {
    const auto position = table_ == nullptr ? std::nullopt : table_->find(column);
    if (!position && missing_.empty()) missing_ = fmt::format("column {} of table {}", column, table_name_);
    return position.value_or(0);
  }
  Result<> check() const {
    if (missing_.empty()) return {};
    return fail("unsuitable schema", fmt::format("the database's schema lacks {}", missing_));
  }

 private:
  std::string_view table_name_;
  std::size_t position_ = 0;
  const ovsdb::TableSchema* table_ = nullptr;
  std::string missing_;
};

}  // namespace

Result<Columns> Columns::resolve(const ovsdb::DatabaseSchema& schema) {
  Lookup root(schema, "Open_vSwitch"), bridge(schema, "Bridge"), port(schema, "Port"), interface(schema, "Interface");
  const Columns columns = {
      .open_vswitch = {.table = root.table(),
                       .bridges = root("bridges"),
                       .next_cfg = root("next_cfg"),
                       .other_config = root("other_config"),
                       .external_ids = root("external_ids"),
                       .cur_cfg = root("cur_cfg"),
                       .ovs_version = root("ovs_version"),
                       .db_version = root("db_version"),
                       .system_type = root("system_type"),
                       .system_version = root("system_version"),
                       .datapath_types = root("datapath_types"),
                       .iface_types = root("iface_types")},
      .bridge = {.table = bridge.table(),
                 .name = bridge("name"),
                 .ports = bridge("ports"),
                 .other_config = bridge("other_config"),
                 .datapath_id = bridge("datapath_id")},
      .port = {.table = port.table(),
               .name = port("name"),
               .interfaces = port("interfaces"),
               .tag = port("tag"),
               .trunks = port("trunks"),
               .vlan_mode = port("vlan_mode")},
      .interface = {.table = interface.table(),
                    .name = interface("name"),
                    .type = interface("type"),
                    .mac = interface("mac"),
                    .mtu_request = interface("mtu_request"),
                    .ofport_request = interface("ofport_request"),
                    .other_config = interface("other_config"),
                    .ofport = interface("ofport"),
                    .error = interface("error"),
                    .ifindex = interface("ifindex"),
                    .mac_in_use = interface("mac_in_use"),
                    .mtu = interface("mtu"),
                    .admin_state = interface("admin_state"),
                    .link_state = interface("link_state"),
                    .link_speed = interface("link_speed"),
                    .link_resets = interface("link_resets"),
                    .duplex = interface("duplex"),
                    .statistics = interface("statistics"),
                    .status = interface("status")},
  };
  for (const auto* lookup : {&root, &bridge, &port, &interface}) TRY(lookup->check());
  return columns;
}

}  // namespace weft::reconcile
