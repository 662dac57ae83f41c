#include "reconcile/columns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::reconcile {
namespace {

// Values of the one are values of the other, as far as a program is concerned that reads them.
bool is_alike(const ovsdb::ColumnType& a, const ovsdb::ColumnType& b) {
  const auto value_of = [](const ovsdb::ColumnType& type) {
    return type.value ? std::optional(type.value->type) : std::nullopt;
  };
  return a.key.type == b.key.type && a.key.ref_table == b.key.ref_table && value_of(a) == value_of(b) &&
         a.min == b.min && a.max == b.max;
}

// Columns of one table, by name; remembers the first one that is missing.
class Lookup {
 public:
  Lookup(const ovsdb::DatabaseSchema& schema, const ovsdb::DatabaseSchema& own, std::string_view table)
      : table_name_(table), own_(own.tables[*own.find(table)]) {
    if (const auto position = schema.find(table)) {
      position_ = *position;
      table_ = &schema.tables[position_];
    } else {
      wrong_ = fmt::format("it has no table {}", table);
    }
  }

  std::size_t table() const { return position_; }
  std::size_t operator()(std::string_view name) {
    const auto position = table_ == nullptr ? std::nullopt : table_->find(name);
    if (!position) {
      if (wrong_.empty()) wrong_ = fmt::format("table {} has no column {}", table_name_, name);
      return 0;
    }
    const auto& found = table_->columns[*position].type;
    const auto& known = own_.columns[*own_.find(name)].type;
    if (wrong_.empty() && !is_alike(found, known))
      wrong_ = fmt::format("column {} of table {} has the type {} instead of {}", name, table_name_,
                           to_text(found.to_json()), to_text(known.to_json()));
    return *position;
  }
  // The index over this column alone.
  std::size_t index(std::string_view column) {
    const auto position = (*this)(column);
    if (table_ != nullptr) {
      const auto found = std::ranges::find(table_->indexes, std::vector{position});
      if (found != table_->indexes.end()) return static_cast<std::size_t>(found - table_->indexes.begin());
    }
    if (wrong_.empty()) wrong_ = fmt::format("table {} has no index over column {} alone", table_name_, column);
    return 0;
  }
  Result<> check() const {
    if (wrong_.empty()) return {};
    return fail("unsuitable schema", fmt::format("the switch cannot work with this schema: {}", wrong_));
  }

 private:
  std::string_view table_name_;
  const ovsdb::TableSchema& own_;
  std::size_t position_ = 0;
  const ovsdb::TableSchema* table_ = nullptr;
  std::string wrong_;
};

}  // namespace

Result<Columns> Columns::resolve(const ovsdb::DatabaseSchema& schema, const ovsdb::DatabaseSchema& own) {
  Lookup root(schema, own, "Open_vSwitch"), bridge(schema, own, "Bridge"), port(schema, own, "Port"),
      interface(schema, own, "Interface");
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
                 .name_index = bridge.index("name"),
                 .name = bridge("name"),
                 .ports = bridge("ports"),
                 .flood_vlans = bridge("flood_vlans"),
                 .other_config = bridge("other_config"),
                 .datapath_id = bridge("datapath_id"),
                 .status = bridge("status")},
      .port = {.table = port.table(),
               .name = port("name"),
               .interfaces = port("interfaces"),
               .vlan_mode = port("vlan_mode"),
               .tag = port("tag"),
               .trunks = port("trunks"),
               .cvlans = port("cvlans"),
               .other_config = port("other_config"),
               .status = port("status")},
      .interface = {.table = interface.table(),
                    .name_index = interface.index("name"),
                    .name = interface("name"),
                    .type = interface("type"),
                    .options = interface("options"),
                    .mac = interface("mac"),
                    .mtu_request = interface("mtu_request"),
                    .ofport_request = interface("ofport_request"),
                    .other_config = interface("other_config"),
                    .external_ids = interface("external_ids"),
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
