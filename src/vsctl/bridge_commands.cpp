// ovs-vsctl(8) "Bridge Commands".
#include <fmt/format.h>

#include <charconv>

#include "vsctl/handlers.hpp"
#include "vsctl/switch_edit.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

constexpr std::int64_t max_vlan = 4095;
constexpr std::string_view fake_bridge_prefix = "fake-bridge-";

Result<std::int64_t> parse_vlan(const std::string& text) {
  std::int64_t vlan = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), vlan);
  if (error != std::errc() || end != text.data() + text.size() || vlan < 0 || vlan > max_vlan) {
    return fail("usage", fmt::format("add-br: vlan must be between 0 and {}", max_vlan));
  }
  return vlan;
}

// With --may-exist: is the bridge that exists the one that is wanted?
Result<> check_same(const Bridge& existing, const std::string& name, const std::string& parent, std::int64_t vlan) {
  const auto differs = [&](std::string_view how) {
    const auto wanted = parent.empty() ? name : fmt::format("{} {} {}", name, parent, vlan);
    return fail("name in use", fmt::format("\"--may-exist add-br {}\" but {} {}", wanted, name, how));
  };
  if (parent.empty()) {
    if (existing.is_fake()) return differs(fmt::format("is a VLAN bridge for VLAN {}", existing.vlan));
    return {};
  }
  if (!existing.is_fake()) return differs("is not a VLAN bridge");
  if (existing.real_name != parent) return differs(fmt::format("has the wrong parent {}", existing.real_name));
  if (existing.vlan != vlan) return differs(fmt::format("is a VLAN bridge for the wrong VLAN {}", existing.vlan));
  return {};
}

Result<Bridge> find_parent(View& view, const std::string& parent, std::int64_t vlan) {
  auto bridge = TRY(find_bridge(view, parent));
  if (!bridge) return fail("no such bridge", fmt::format("parent bridge {} does not exist", parent));
  if (bridge->is_fake()) return fail("usage", "cannot create bridge with fake bridge as parent");
  for (const auto& fake : TRY(fake_bridges_of(view, *bridge))) {
    if (fake.vlan != vlan) continue;
    return fail("name in use",
                fmt::format("bridge {} already has a child VLAN bridge {} on VLAN {}", parent, fake.name, vlan));
  }
  return *std::move(bridge);
}

// Where a bridge's external ids are kept, and what its keys begin with there.
struct ExternalIds {
  std::string_view table;
  Uuid row;
  std::string prefix;
};
ExternalIds external_ids_of(const Bridge& bridge) {
  if (bridge.is_fake()) return {"Port", *bridge.local_port, std::string(fake_bridge_prefix)};
  return {"Bridge", bridge.row, ""};
}

}  // namespace

Result<Outcome> add_br(Context& context) {
  const auto& name = context.argument(0);
  const auto parent = context.argument_if(1).value_or("");
  std::int64_t vlan = 0;
  if (const auto count = context.arguments().size(); count == 2) {
    return fail("usage", "'add-br' command takes exactly 1 or 3 arguments");
  } else if (count == 3) {
    if (name.empty() || parent.empty()) return fail("usage", "bridge name must not be empty string");
    vlan = TRY(parse_vlan(context.argument(2)));
  }
  if (name.empty()) return fail("usage", "bridge name must not be empty string");
  if (context.has("--may-exist")) {
    if (const auto existing = TRY(find_bridge(context.view(), name))) {
      TRY(check_same(*existing, name, parent, vlan));
      return Outcome::done;
    }
  }
  TRY(check_unused(context.view(), name, fmt::format("cannot create a bridge named {}", name)));
  if (parent.empty()) {
    TRY(insert_bridge(context.view(), name));
  } else {
    const auto real = TRY(find_parent(context.view(), parent, vlan));
    TRY(insert_fake_bridge(context.view(), name, real, vlan));
  }
  return Outcome::done;
}

Result<Outcome> del_br(Context& context) {
  const auto bridge = TRY(find_bridge(context.view(), context.argument(0)));
  if (!bridge && context.has("--if-exists")) return Outcome::done;
  if (!bridge) return fail("no such bridge", fmt::format("no bridge named {}", context.argument(0)));
  TRY(erase_bridge(context.view(), *bridge));
  return Outcome::done;
}

Result<Outcome> list_br(Context& context) {
  const bool both = context.has("--real") == context.has("--fake");
  for (const auto& bridge : TRY(all_bridges(context.view()))) {
    if (both || bridge.is_fake() == context.has("--fake")) context.print_line(bridge.name);
  }
  return Outcome::done;
}

Result<Outcome> br_exists(Context& context) {
  return TRY(find_bridge(context.view(), context.argument(0))) ? Outcome::done : Outcome::no_such_bridge;
}

Result<Outcome> br_to_vlan(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  context.print_line(std::to_string(bridge.vlan));
  return Outcome::done;
}

Result<Outcome> br_to_parent(Context& context) {
  context.print_line(TRY(require_bridge(context.view(), context.argument(0))).real_name);
  return Outcome::done;
}

Result<Outcome> br_set_external_id(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  const auto [table, row, prefix] = external_ids_of(bridge);
  const ovsdb::Atom key = prefix + context.argument(1);
  const auto ids = TRY(context.view().read(table, row, "external_ids"));
  const auto value = context.argument_if(2);
  const auto* present = ids.string_at(std::get<std::string>(key));
  if (value ? present && *present == *value : !present) return Outcome::done;
  TRY(context.view().remove_keys(table, row, "external_ids", Datum::scalar(key)));
  if (value) TRY(context.view().insert_elements(table, row, "external_ids", Datum::map({{key, *value}})));
  return Outcome::done;
}

Result<Outcome> br_get_external_id(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  const auto [table, row, prefix] = external_ids_of(bridge);
  const auto ids = TRY(context.view().read(table, row, "external_ids"));
  if (const auto key = context.argument_if(1)) {
    if (const auto* value = ids.string_at(prefix + *key)) context.print_line(*value);
    return Outcome::done;
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto& key = std::get<std::string>(ids.keys()[i]);
    if (!key.starts_with(prefix)) continue;
    context.print_line(fmt::format("{}={}", key.substr(prefix.size()), std::get<std::string>(ids.values()[i])));
  }
  return Outcome::done;
}

}  // namespace weft::vsctl
