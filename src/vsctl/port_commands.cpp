// ovs-vsctl(8) "Port Commands" and "Bond Commands", as far as they deal with whole ports.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "vsctl/handlers.hpp"
#include "vsctl/record_edit.hpp"
#include "vsctl/switch_edit.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

// What add-port and add-bond are asked for.
struct WantedPort {
  std::string bridge;
  std::string name;
  std::vector<std::string> interfaces;
  std::span<const std::string> settings;
};

// The command as it would be typed, for messages.
std::string as_typed(const Context& context, std::string_view command) {
  std::string text = "--may-exist ";
  if (context.has("--fake-iface")) text += "--fake-iface ";
  return fmt::format("{}{} {}", text, command, fmt::join(context.arguments(), " "));
}

// With --may-exist: is the port that exists the one that is wanted? Its settings are not looked at.
Result<> check_same(Context& context, std::string_view command, const Port& existing, const WantedPort& wanted) {
  const auto differs = [&](std::string_view how) {
    return fail("name in use", fmt::format("\"{}\" but {} {}", as_typed(context, command), wanted.name, how));
  };
  if (existing.bridge.name != wanted.bridge) {
    return differs(fmt::format("is actually attached to bridge {}", existing.bridge.name));
  }
  std::vector<std::string> names;
  for (const auto& row : TRY(interfaces_of(context.view(), existing.row))) {
    names.push_back(TRY(name_of(context.view(), "Interface", row)));
  }
  std::ranges::sort(names);
  auto wanted_names = wanted.interfaces;
  std::ranges::sort(wanted_names);
  if (names != wanted_names) return differs(fmt::format("actually has interface(s) {}", fmt::join(names, ", ")));
  return {};
}

Result<Outcome> add(Context& context, std::string_view command, const WantedPort& wanted) {
  auto& view = context.view();
  const auto bridge = TRY(require_bridge(view, wanted.bridge));
  if (wanted.name.empty()) return fail("usage", "port name must not be empty string");
  for (const auto& interface : wanted.interfaces) {
    if (interface.empty()) return fail("usage", "interface name must not be empty string");
  }
  if (context.has("--may-exist")) {
    if (const auto existing = TRY(find_port(view, wanted.name))) {
      TRY(check_same(context, command, *existing, wanted));
      return Outcome::done;
    }
  }
  TRY(check_unused(view, wanted.name, fmt::format("cannot create a port named {}", wanted.name)));
  for (const auto& interface : wanted.interfaces) {
    if (interface == wanted.name) continue;
    TRY(check_unused(view, interface, fmt::format("cannot create an interface named {}", interface)));
  }
  const auto port = TRY(insert_port(view, bridge, wanted.name, wanted.interfaces));
  if (context.has("--fake-iface")) TRY(view.assign("Port", port, "bond_fake_iface", Datum::scalar(true)));
  const auto* table = TRY(view.table("Port"));
  TRY(set_columns(view, context.symbols(), *table, port, wanted.settings));
  return Outcome::done;
}

// The port named by del-port; with --with-iface, an interface's name will do.
Result<std::optional<Port>> find_to_delete(Context& context, const std::string& name) {
  if (auto port = TRY(find_port(context.view(), name)); port || !context.has("--with-iface")) return port;
  const auto interface = TRY(find_interface(context.view(), name));
  return interface ? std::optional(interface->port) : std::nullopt;
}

std::unexpected<Error> nothing_to_delete(const Context& context, const std::string& name, bool is_local_port) {
  if (is_local_port) {
    return fail("local port", fmt::format("cannot delete port {0} because it is the local port for bridge {0} "
                                          "(deleting this port requires deleting the entire bridge)",
                                          name));
  }
  return fail("no such port",
              fmt::format("no port{} named {}", context.has("--with-iface") ? " or interface" : "", name));
}

Result<> check_on_bridge(View& view, const Port& port, const std::string& name, const std::string& bridge_name) {
  const auto bridge = TRY(require_bridge(view, bridge_name));
  if (port.bridge.name == bridge.name) return {};
  const bool is_on_child = port.bridge.real_name == bridge.name;
  return fail("no such port",
              fmt::format("bridge {} does not have a port {}{}", bridge.name, name,
                          is_on_child ? fmt::format(" (although its child bridge {} does)", port.bridge.name) : ""));
}

}  // namespace

Result<Outcome> list_ports(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  for (const auto& port : TRY(ports_of(context.view(), bridge))) context.print_line(port.name);
  return Outcome::done;
}

Result<Outcome> add_port(Context& context) {
  const auto settings = std::span(context.arguments()).subspan(2);
  const auto& name = context.argument(1);
  return add(context, "add-port", {context.argument(0), name, {name}, settings});
}

Result<Outcome> add_bond(Context& context) {
  const std::span all(context.arguments());
  const auto interfaces = all.subspan(2);
  const auto first_setting = std::ranges::find_if(interfaces, [](const auto& text) { return text.contains('='); });
  const auto count = static_cast<std::size_t>(first_setting - interfaces.begin());
  if (count < 2) return fail("usage", "add-bond requires at least 2 interfaces");
  const auto names = interfaces.first(count);
  return add(context, "add-bond",
             {context.argument(0), context.argument(1), {names.begin(), names.end()}, interfaces.subspan(count)});
}

Result<Outcome> del_port(Context& context) {
  auto& view = context.view();
  const bool has_bridge = context.arguments().size() == 2;
  const auto& name = context.arguments().back();
  if (has_bridge) TRY(require_bridge(view, context.argument(0)));
  const auto port = TRY(find_to_delete(context, name));
  if (!port) {
    if (context.has("--if-exists")) return Outcome::done;
    const auto bridge = TRY(find_bridge(view, name));
    return nothing_to_delete(context, name, bridge.has_value());
  }
  if (has_bridge) TRY(check_on_bridge(view, *port, name, context.argument(0)));
  TRY(erase_port(view, *port));
  return Outcome::done;
}

Result<Outcome> port_to_br(Context& context) {
  context.print_line(TRY(require_port(context.view(), context.argument(0))).bridge.name);
  return Outcome::done;
}

}  // namespace weft::vsctl
