// ovs-vsctl(8) "OpenFlow Controller Connectivity", "Manager Connectivity" and "SSL Configuration".
#include <fmt/format.h>

#include <charconv>
#include <set>

#include "vsctl/handlers.hpp"
#include "vsctl/switch_model.hpp"

namespace weft::vsctl {
namespace {

const LogModule log("vsctl");

using ovsdb::Datum;

constexpr std::string_view connection_methods[] = {"tcp:", "ssl:", "unix:", "ptcp:", "pssl:", "punix:"};

// Where a set of references is: a bridge's controllers, the database's managers or SSL record.
struct Holder {
  std::string_view table;
  Uuid row;
  std::string_view column;
};

Result<> print_targets(Context& context, const Holder& holder, std::string_view table) {
  std::multiset<std::string> targets;
  const auto references = TRY(context.view().read(holder.table, holder.row, holder.column));
  for (const auto& reference : references.keys()) {
    const auto target = TRY(context.view().read(table, std::get<Uuid>(reference), "target", Guard::none));
    targets.insert(*target.single<std::string>());
  }
  for (const auto& target : targets) context.print_line(target);
  return {};
}

Result<> clear(Context& context, const Holder& holder) {
  const auto references = TRY(context.view().read(holder.table, holder.row, holder.column));
  if (references.empty()) return {};
  return context.view().assign(holder.table, holder.row, holder.column, Datum());
}

Result<std::optional<std::int64_t>> inactivity_probe(const Context& context) {
  const auto text = context.option("--inactivity-probe");
  if (!text) return std::nullopt;
  std::int64_t milliseconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), milliseconds);
  if (error != std::errc() || end != text->data() + text->size() || milliseconds < 0) {
    return fail("usage", fmt::format("--inactivity-probe={}: not a number of milliseconds", *text));
  }
  return milliseconds;
}

Result<> set_targets(Context& context, const Holder& holder, std::string_view table,
                     std::span<const std::string> targets) {
  const auto probe = TRY(inactivity_probe(context));
  std::vector<ovsdb::Atom> rows;
  for (const auto& target : targets) {
    const auto has_method = [&](std::string_view method) { return target.starts_with(method); };
    if (!std::ranges::any_of(connection_methods, has_method)) {
      context.warn(log, fmt::format("target type \"{}\" is possibly erroneous", target));
    }
    const auto row = TRY(context.view().insert(table));
    TRY(context.view().assign(table, row, "target", Datum::scalar(target)));
    if (probe) TRY(context.view().assign(table, row, "inactivity_probe", Datum::scalar(*probe)));
    rows.emplace_back(row);
  }
  return context.view().assign(holder.table, holder.row, holder.column, Datum::set(std::move(rows)));
}

Result<Bridge> require_real_bridge(Context& context) {
  auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  if (bridge.is_fake()) return fail("usage", fmt::format("{} is a fake bridge", bridge.name));
  return bridge;
}

Holder controllers_of(const Bridge& bridge) { return {"Bridge", bridge.row, "controller"}; }

Result<Holder> in_root(Context& context, std::string_view column) {
  return Holder{"Open_vSwitch", TRY(root_row(context.view())), column};
}

}  // namespace

Result<Outcome> get_controller(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  TRY(print_targets(context, controllers_of(bridge), "Controller"));
  return Outcome::done;
}

Result<Outcome> del_controller(Context& context) {
  const auto bridge = TRY(require_real_bridge(context));
  TRY(clear(context, controllers_of(bridge)));
  return Outcome::done;
}

Result<Outcome> set_controller(Context& context) {
  const auto bridge = TRY(require_real_bridge(context));
  const auto targets = std::span(context.arguments()).subspan(1);
  TRY(set_targets(context, controllers_of(bridge), "Controller", targets));
  return Outcome::done;
}

Result<Outcome> get_fail_mode(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  const auto mode = TRY(context.view().read("Bridge", bridge.row, "fail_mode"));
  if (const auto* text = mode.single<std::string>()) context.print_line(*text);
  return Outcome::done;
}

Result<Outcome> del_fail_mode(Context& context) {
  const auto bridge = TRY(require_real_bridge(context));
  TRY(clear(context, {"Bridge", bridge.row, "fail_mode"}));
  return Outcome::done;
}

Result<Outcome> set_fail_mode(Context& context) {
  const auto bridge = TRY(require_real_bridge(context));
  const auto& mode = context.argument(1);
  if (mode != "standalone" && mode != "secure") {
    return fail("usage", "fail-mode must be \"standalone\" or \"secure\"");
  }
  TRY(context.view().assign("Bridge", bridge.row, "fail_mode", Datum::scalar(mode)));
  return Outcome::done;
}

Result<Outcome> get_manager(Context& context) {
  const auto managers = TRY(in_root(context, "manager_options"));
  TRY(print_targets(context, managers, "Manager"));
  return Outcome::done;
}

Result<Outcome> del_manager(Context& context) {
  const auto managers = TRY(in_root(context, "manager_options"));
  TRY(clear(context, managers));
  return Outcome::done;
}

Result<Outcome> set_manager(Context& context) {
  const auto managers = TRY(in_root(context, "manager_options"));
  TRY(set_targets(context, managers, "Manager", context.arguments()));
  return Outcome::done;
}

Result<Outcome> get_ssl(Context& context) {
  const auto holder = TRY(in_root(context, "ssl"));
  const auto reference = TRY(context.view().read(holder.table, holder.row, holder.column));
  const auto* row = reference.single<Uuid>();
  if (!row) return Outcome::done;
  const auto print = [&](std::string_view title, std::string_view column) -> Result<> {
    const auto value = TRY(context.view().read("SSL", *row, column));
    context.print_line(fmt::format("{}: {}", title, format_atom(value.keys().front(), DataStyle::bare)));
    return {};
  };
  TRY(print("Private key", "private_key"));
  TRY(print("Certificate", "certificate"));
  TRY(print("CA Certificate", "ca_cert"));
  TRY(print("Bootstrap", "bootstrap_ca_cert"));
  return Outcome::done;
}

Result<Outcome> del_ssl(Context& context) {
  const auto holder = TRY(in_root(context, "ssl"));
  TRY(clear(context, holder));
  return Outcome::done;
}

Result<Outcome> set_ssl(Context& context) {
  auto& view = context.view();
  const auto holder = TRY(in_root(context, "ssl"));
  const auto row = TRY(view.insert("SSL"));
  TRY(view.assign("SSL", row, "private_key", Datum::scalar(context.argument(0))));
  TRY(view.assign("SSL", row, "certificate", Datum::scalar(context.argument(1))));
  TRY(view.assign("SSL", row, "ca_cert", Datum::scalar(context.argument(2))));
  TRY(view.assign("SSL", row, "bootstrap_ca_cert", Datum::scalar(context.has("--bootstrap"))));
  TRY(view.assign(holder.table, holder.row, holder.column, Datum::scalar(row)));
  return Outcome::done;
}

}  // namespace weft::vsctl
