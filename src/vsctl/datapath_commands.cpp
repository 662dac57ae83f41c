// ovs-vsctl(8) "Conntrack Zone Commands" and "Datapath Capabilities Command". A datapath ("system", "netdev") has for a
// zone of connection tracking how long connections are remembered, in seconds.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "vsctl/handlers.hpp"
#include "vsctl/switch_model.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Atom;
using ovsdb::Datum;

// The element of a map of references, if there is one.
Result<std::optional<Uuid>> referred(View& view, std::string_view table, const Uuid& row, std::string_view column,
                                     const Atom& key) {
  const auto references = TRY(view.read(table, row, column));
  const auto* value = references.value_of(key);
  return value ? std::optional(std::get<Uuid>(*value)) : std::nullopt;
}

Result<std::optional<Uuid>> datapath_named(Context& context, const std::string& name) {
  const auto root = TRY(root_row(context.view()));
  return referred(context.view(), "Open_vSwitch", root, "datapaths", name);
}

Result<Uuid> datapath_argument(Context& context) {
  const auto& name = context.argument(0);
  if (const auto row = TRY(datapath_named(context, name))) return *row;
  return fail("no such datapath", fmt::format("datapath {} does not exist", name));
}

// "zone=5": both parts, the second as a number. Whether that is in range is the schema's to say.
struct Setting {
  std::string name;
  std::int64_t number;
};
Result<Setting> parse_setting(const std::string& text, std::string_view form) {
  const auto equals = text.find('=');
  if (equals != std::string::npos) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + equals + 1, end, number);
    if (parsed.ec == std::errc() && parsed.ptr == end) return Setting{text.substr(0, equals), number};
  }
  return fail("usage", fmt::format("{}: not of the form {}", text, form));
}

Result<std::int64_t> zone_argument(const Context& context) {
  const auto& text = context.argument(1);
  const auto setting = TRY(parse_setting(text, "zone=ID"));
  if (setting.name != "zone") return fail("usage", fmt::format("{}: not of the form zone=ID", text));
  return setting.number;
}

Result<Datum> limits_argument(const Context& context) {
  std::vector<std::pair<Atom, Atom>> limits;
  for (const auto& text : std::span(context.arguments()).subspan(2)) {
    auto limit = TRY(parse_setting(text, "NAME=SECONDS"));
    const auto is_same = [&](const auto& other) { return other.first == Atom(limit.name); };
    if (std::ranges::any_of(limits, is_same))
      return fail("usage", fmt::format("{}: {} is given twice", text, limit.name));
    limits.emplace_back(std::move(limit.name), limit.number);
  }
  return Datum::map(std::move(limits));
}

// NAME=VALUE of each element of a map, one after the other.
std::string as_settings(const Datum& map) {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < map.size(); ++i) {
    texts.push_back(fmt::format("{}={}", format_atom(map.keys()[i], DataStyle::bare),
                                format_atom(map.values()[i], DataStyle::bare)));
  }
  return fmt::format("{}", fmt::join(texts, " "));
}

// The limits of a zone; an empty map where nothing limits it.
Result<Datum> limits_of(View& view, const Uuid& zone) {
  const auto reference = TRY(view.read("CT_Zone", zone, "timeout_policy"));
  const auto* policy = reference.single<Uuid>();
  if (!policy) return Datum();
  return view.read("CT_Timeout_Policy", *policy, "timeouts");
}

// The record with these limits: zones with the same share one.
Result<Uuid> policy_with(View& view, const Datum& limits) {
  const auto rows = TRY(view.select(Query{.table = "CT_Timeout_Policy", .columns = {"timeouts"}}));
  for (const auto& row : rows) {
    if (TRY(view.read("CT_Timeout_Policy", row, "timeouts")) == limits) return row;
  }
  const auto row = TRY(view.insert("CT_Timeout_Policy"));
  TRY(view.assign("CT_Timeout_Policy", row, "timeouts", limits));
  return row;
}

}  // namespace

Result<Outcome> add_zone_tp(Context& context) {
  auto& view = context.view();
  const auto datapath = TRY(datapath_argument(context));
  const auto number = TRY(zone_argument(context));
  const auto limits = TRY(limits_argument(context));
  auto zone = TRY(referred(view, "Datapath", datapath, "ct_zones", number));
  if (zone && !context.has("--may-exist")) return fail("name in use", fmt::format("zone id {} already exists", number));
  if (!zone) {
    zone = TRY(view.insert("CT_Zone"));
    TRY(view.insert_elements("Datapath", datapath, "ct_zones", Datum::map({{number, *zone}})));
  } else if (TRY(limits_of(view, *zone)) == limits) {
    return Outcome::done;
  }
  const auto policy = TRY(policy_with(view, limits));
  TRY(view.assign("CT_Zone", *zone, "timeout_policy", Datum::scalar(policy)));
  return Outcome::done;
}

Result<Outcome> del_zone_tp(Context& context) {
  auto& view = context.view();
  const auto datapath = TRY(datapath_argument(context));
  const auto number = TRY(zone_argument(context));
  if (TRY(referred(view, "Datapath", datapath, "ct_zones", number))) {
    TRY(view.remove_keys("Datapath", datapath, "ct_zones", Datum::scalar(number)));
  } else if (!context.has("--if-exists")) {
    return fail("no such zone", fmt::format("zone id {} does not exist", number));
  }
  return Outcome::done;
}

Result<Outcome> list_zone_tp(Context& context) {
  auto& view = context.view();
  const auto datapath = TRY(datapath_named(context, context.argument(0)));
  if (!datapath) return fail("no such datapath", fmt::format("datapath: {} record not found", context.argument(0)));
  const auto zones = TRY(view.read("Datapath", *datapath, "ct_zones"));
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const auto limits = TRY(limits_of(view, std::get<Uuid>(zones.values()[i])));
    context.print_line(fmt::format("Zone:{}, Timeout Policies: {}", std::get<std::int64_t>(zones.keys()[i]),
                                   limits.empty() ? "system default" : as_settings(limits)));
  }
  return Outcome::done;
}

Result<Outcome> list_dp_cap(Context& context) {
  const auto datapath = TRY(datapath_named(context, context.argument(0)));
  if (!datapath) return fail("no such datapath", fmt::format("datapath \"{}\" record not found", context.argument(0)));
  context.print_line(as_settings(TRY(context.view().read("Datapath", *datapath, "capabilities"))));
  return Outcome::done;
}

}  // namespace weft::vsctl
