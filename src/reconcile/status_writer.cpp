#include "reconcile/status_writer.hpp"

#include <fmt/format.h>

#include "reconcile/row_editor.hpp"

namespace weft::reconcile {

bool write_status(ovsdb::Transaction& transaction, const InterfaceColumns& columns, const Uuid& interface,
                  const InterfaceStatus& status) {
  RowEditor row(transaction, columns.table, interface);
  row.set(columns.ofport, to_datum(status.ofport));
  row.set(columns.error, to_datum(status.error));
  row.set(columns.ifindex, to_datum(status.ifindex));
  row.set(columns.mac_in_use, to_datum(status.mac_in_use));
  row.set(columns.mtu, to_datum(status.mtu));
  row.set(columns.admin_state, to_datum(status.admin_state));
  row.set(columns.link_state, to_datum(status.link_state));
  row.set(columns.link_speed, to_datum(status.link_speed));
  row.set(columns.duplex, to_datum(status.duplex));
  row.set(columns.link_resets, to_datum(status.link_resets));
  row.set(columns.status, to_datum(status.status));
  const bool appear_or_go = row.get(columns.statistics).empty() != status.statistics.empty();
  if (appear_or_go) row.set(columns.statistics, to_datum(status.statistics));
  return appear_or_go;
}

void write_statistics(ovsdb::Transaction& transaction, const InterfaceColumns& columns, const Uuid& interface,
                      const InterfaceStatus& status) {
  RowEditor(transaction, columns.table, interface).set(columns.statistics, to_datum(status.statistics));
}

void write_port_status(ovsdb::Transaction& transaction, const PortColumns& columns, const Uuid& port,
                       const model::DatapathPort* observed) {
  std::map<std::string, std::string> status;
  if (observed != nullptr && !observed->flaps.empty()) {
    std::string& text = status["flapping"];
    for (const auto& flap : observed->flaps) {
      text += fmt::format("{}{} in VLAN {} with {}", text.empty() ? "" : ", ", flap.address.to_string(), flap.vlan,
                          flap.other_port);
    }
  }
  RowEditor(transaction, columns.table, port).set(columns.status, to_datum(status));
}

bool write_bridge_status(ovsdb::Transaction& transaction, const BridgeColumns& columns, const WantedBridge& bridge,
                         const model::Link* own) {
  auto id = bridge.datapath_id;
  if (!id && own != nullptr && own->is_internal()) id = fmt::format("0000{:02x}", fmt::join(own->mac.bytes(), ""));
  RowEditor row(transaction, columns.table, bridge.uuid);
  row.set(columns.datapath_id, to_datum(id));
  std::map<std::string, std::string> status;
  if (!bridge.services_error.empty()) status["services_error"] = bridge.services_error;
  const auto* before = row.get(columns.status).string_at("services_error");
  const bool is_new = !bridge.services_error.empty() && (before == nullptr || *before != bridge.services_error);
  row.set(columns.status, to_datum(status));
  return is_new;
}

}  // namespace weft::reconcile
