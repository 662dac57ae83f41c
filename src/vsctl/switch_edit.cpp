#include "vsctl/switch_edit.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Atom;
using ovsdb::Datum;

// A port and interface of the bridge's own name.
Result<Uuid> insert_local_port(View& view, const std::string& name) {
  const auto interface = TRY(insert_interface(view, name));
  TRY(view.assign("Interface", interface, "type", Datum::scalar(std::string("internal"))));
  const auto port = TRY(view.insert("Port"));
  TRY(view.assign("Port", port, "name", Datum::scalar(name)));
  TRY(view.assign("Port", port, "interfaces", Datum::scalar(interface)));
  return port;
}

// The port's row and its interfaces' are gone for this line; in the database they go with the reference.
Result<> forget_port(View& view, const Uuid& port) {
  const auto interfaces = TRY(view.read("Port", port, "interfaces", Guard::none));
  for (const auto& interface : interfaces.keys()) TRY(view.erase("Interface", std::get<Uuid>(interface)));
  return view.erase("Port", port);
}

Result<> erase_real_bridge(View& view, const Bridge& bridge) {
  TRY(ports_of(view, bridge));  // Reads all that is needed in one round trip.
  const auto ports = TRY(view.read("Bridge", bridge.row, "ports", Guard::none));
  for (const auto& port : ports.keys()) TRY(forget_port(view, std::get<Uuid>(port)));
  const auto root = TRY(root_row(view));
  TRY(view.remove_keys("Open_vSwitch", root, "bridges", Datum::scalar(bridge.row)));
  return view.erase("Bridge", bridge.row);
}

Result<> erase_port_row(View& view, const Uuid& bridge, const Uuid& port) {
  TRY(view.remove_keys("Bridge", bridge, "ports", Datum::scalar(port)));
  return forget_port(view, port);
}

}  // namespace

Result<Uuid> insert_interface(View& view, const std::string& name) {
  const auto row = TRY(view.insert("Interface"));
  TRY(view.assign("Interface", row, "name", Datum::scalar(name)));
  return row;
}

Result<> insert_bridge(View& view, const std::string& name) {
  const auto port = TRY(insert_local_port(view, name));
  const auto bridge = TRY(view.insert("Bridge"));
  TRY(view.assign("Bridge", bridge, "name", Datum::scalar(name)));
  TRY(view.assign("Bridge", bridge, "ports", Datum::scalar(port)));
  const auto root = TRY(root_row(view));
  return view.insert_elements("Open_vSwitch", root, "bridges", Datum::scalar(bridge));
}

Result<> insert_fake_bridge(View& view, const std::string& name, const Bridge& parent, std::int64_t vlan) {
  const auto port = TRY(insert_local_port(view, name));
  TRY(view.assign("Port", port, "fake_bridge", Datum::scalar(true)));
  TRY(view.assign("Port", port, "tag", Datum::scalar(vlan)));
  return view.insert_elements("Bridge", parent.row, "ports", Datum::scalar(port));
}

Result<> erase_bridge(View& view, const Bridge& bridge) {
  if (!bridge.is_fake()) return erase_real_bridge(view, bridge);
  for (const auto& port : TRY(ports_of(view, bridge))) TRY(erase_port_row(view, bridge.row, port.row));
  return erase_port_row(view, bridge.row, *bridge.local_port);
}

Result<Uuid> insert_port(View& view, const Bridge& bridge, const std::string& name,
                         std::span<const std::string> interfaces) {
  std::vector<Atom> rows;
  for (const auto& interface : interfaces) rows.emplace_back(TRY(insert_interface(view, interface)));
  const auto port = TRY(view.insert("Port"));
  TRY(view.assign("Port", port, "name", Datum::scalar(name)));
  TRY(view.assign("Port", port, "interfaces", Datum::set(std::move(rows))));
  if (bridge.is_fake()) TRY(view.assign("Port", port, "tag", Datum::scalar(bridge.vlan)));
  TRY(view.insert_elements("Bridge", bridge.row, "ports", Datum::scalar(port)));
  return port;
}

Result<> erase_port(View& view, const Port& port) { return erase_port_row(view, port.bridge.row, port.row); }

}  // namespace weft::vsctl
