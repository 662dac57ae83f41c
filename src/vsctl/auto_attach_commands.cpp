// ovs-vsctl(8) "Auto-Attach Commands": which VLAN of a bridge belongs to which service (I-SID) of a Shortest Path
// Bridging network (IEEE 802.1aq). A bridge has at most one record with its mappings.
#include <fmt/format.h>

#include <charconv>

#include "vsctl/handlers.hpp"
#include "vsctl/switch_model.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

// Whether it is in range is the schema's to say.
Result<std::int64_t> parse_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return fail("usage", "Invalid argument " + text);
  return number;
}

struct Mapping {
  std::int64_t service;
  std::int64_t vlan;
};
Result<Mapping> mapping_argument(const Context& context) {
  return Mapping{TRY(parse_number(context.argument(1))), TRY(parse_number(context.argument(2)))};
}

Result<std::optional<Uuid>> record_of(Context& context, const Bridge& bridge) {
  const auto reference = TRY(context.view().read("Bridge", bridge.row, "auto_attach"));
  const auto* row = reference.single<Uuid>();
  return row ? std::optional(*row) : std::nullopt;
}

}  // namespace

Result<Outcome> add_aa_mapping(Context& context) {
  auto& view = context.view();
  const auto bridge = TRY(require_bridge(view, context.argument(0)));
  const auto [service, vlan] = TRY(mapping_argument(context));
  auto record = TRY(record_of(context, bridge));
  if (!record) {
    record = TRY(view.insert("AutoAttach"));
    TRY(view.assign("Bridge", bridge.row, "auto_attach", Datum::scalar(*record)));
  }
  const auto mappings = TRY(view.read("AutoAttach", *record, "mappings"));
  if (mappings.value_of(service)) return Outcome::done;  // It stays with the VLAN it has.
  TRY(view.insert_elements("AutoAttach", *record, "mappings", Datum::map({{service, vlan}})));
  return Outcome::done;
}

Result<Outcome> del_aa_mapping(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  const auto [service, vlan] = TRY(mapping_argument(context));
  const auto record = TRY(record_of(context, bridge));
  if (!record) return Outcome::done;
  const auto mappings = TRY(context.view().read("AutoAttach", *record, "mappings"));
  const auto* present = mappings.value_of(service);
  if (!present || *present != ovsdb::Atom(vlan)) return Outcome::done;
  TRY(context.view().remove_keys("AutoAttach", *record, "mappings", Datum::scalar(service)));
  return Outcome::done;
}

Result<Outcome> get_aa_mapping(Context& context) {
  const auto bridge = TRY(require_bridge(context.view(), context.argument(0)));
  const auto record = TRY(record_of(context, bridge));
  if (!record) return Outcome::done;
  const auto mappings = TRY(context.view().read("AutoAttach", *record, "mappings"));
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    context.print_line(
        fmt::format("{} {}", std::get<std::int64_t>(mappings.keys()[i]), std::get<std::int64_t>(mappings.values()[i])));
  }
  return Outcome::done;
}

}  // namespace weft::vsctl
