// ovs-vsctl(8) "Interface Commands", and those of "Bond Commands" that deal with single interfaces.
#include <fmt/format.h>

#include "vsctl/handlers.hpp"
#include "vsctl/switch_edit.hpp"

namespace weft::vsctl {

using ovsdb::Datum;

Result<Outcome> add_bond_iface(Context& context) {
  auto& view = context.view();
  const auto port = TRY(require_port(view, context.argument(0)));
  const auto& name = context.argument(1);
  if (name.empty()) return fail("usage", "interface name must not be empty string");
  if (context.has("--may-exist")) {
    if (const auto existing = TRY(find_interface(view, name))) {
      if (existing->port.row == port.row) return Outcome::done;
      return fail("name in use", fmt::format("\"--may-exist add-bond-iface {0} {1}\" but {1} is actually attached to "
                                             "port {2}",
                                             port.name, name, existing->port.name));
    }
  }
  TRY(check_unused(view, name, fmt::format("cannot create an interface named {}", name)));
  const auto interface = TRY(insert_interface(view, name));
  TRY(view.insert_elements("Port", port.row, "interfaces", Datum::scalar(interface)));
  return Outcome::done;
}

Result<Outcome> del_bond_iface(Context& context) {
  auto& view = context.view();
  const bool has_port = context.arguments().size() == 2;
  const auto& name = context.arguments().back();
  std::optional<Port> port;
  if (has_port) port = TRY(require_port(view, context.argument(0)));
  const auto interface = TRY(find_interface(view, name));
  if (!interface) {
    if (context.has("--if-exists")) return Outcome::done;
    return fail("no such interface", fmt::format("no interface named {}", name));
  }
  if (port && interface->port.row != port->row) {
    return fail("no such interface", fmt::format("port {} does not have an interface {}", port->name, name));
  }
  if (TRY(interfaces_of(view, interface->port.row)).size() == 1) {
    return fail("last interface", fmt::format("cannot delete last interface from port {}", interface->port.name));
  }
  TRY(view.remove_keys("Port", interface->port.row, "interfaces", Datum::scalar(interface->row)));
  TRY(view.erase("Interface", interface->row));
  return Outcome::done;
}

Result<Outcome> list_ifaces(Context& context) {
  auto& view = context.view();
  const auto bridge = TRY(require_bridge(view, context.argument(0)));
  TRY(view.select({.table = "Interface", .columns = {"name"}, .guard = Guard::none}));
  std::vector<std::string> names;
  for (const auto& port : TRY(ports_of(view, bridge))) {
    const auto interfaces = TRY(view.read("Port", port.row, "interfaces", Guard::none));
    for (const auto& row : interfaces.keys()) names.push_back(TRY(name_of(view, "Interface", std::get<Uuid>(row))));
  }
  std::ranges::sort(names);
  for (const auto& name : names) {
    if (name != bridge.name) context.print_line(name);
  }
  return Outcome::done;
}

Result<Outcome> iface_to_br(Context& context) {
  context.print_line(TRY(require_interface(context.view(), context.argument(0))).port.bridge.name);
  return Outcome::done;
}

}  // namespace weft::vsctl
