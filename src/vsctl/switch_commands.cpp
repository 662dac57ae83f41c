// ovs-vsctl(8) "Open vSwitch Commands", save "show".
#include "vsctl/handlers.hpp"

namespace weft::vsctl {
namespace {

using ovsdb::Datum;

// What emer-reset empties: the rows that these refer to go with the references.
constexpr struct {
  std::string_view table;
  std::string_view column;
} emptied[] = {
    {"Open_vSwitch", "manager_options"},
    {"Open_vSwitch", "ssl"},
    {"Bridge", "controller"},
    {"Bridge", "fail_mode"},
    {"Bridge", "mirrors"},
    {"Bridge", "netflow"},
    {"Bridge", "sflow"},
    {"Bridge", "ipfix"},
    {"Bridge", "flood_vlans"},
    {"Port", "other_config"},
};

// A bridge keeps its Ethernet address.
constexpr char kept_key[] = "hwaddr";

Result<> empty_column(View& view, std::string_view table, std::string_view column) {
  for (const auto& row : TRY(view.select({.table = table, .columns = {column}, .guard = Guard::none}))) {
    const auto value = TRY(view.read(table, row, column, Guard::none));
    if (!value.empty()) TRY(view.assign(table, row, column, Datum()));
  }
  return {};
}

// What emer-reset sets to zero.
constexpr std::string_view policing[] = {"ingress_policing_rate", "ingress_policing_burst"};

Result<> stop_policing(View& view) {
  const auto none = Datum::scalar(std::int64_t{0});
  for (const auto column : policing) {
    for (const auto& row : TRY(view.select({.table = "Interface", .columns = {column}, .guard = Guard::none}))) {
      if (TRY(view.read("Interface", row, column, Guard::none)) == none) continue;
      TRY(view.assign("Interface", row, column, none));
    }
  }
  return {};
}

Result<> empty_bridge_config(View& view) {
  for (const auto& row : TRY(view.select({.table = "Bridge", .columns = {"other_config"}, .guard = Guard::none}))) {
    const auto config = TRY(view.read("Bridge", row, "other_config"));
    auto others = without_keys(config, Datum::scalar(std::string(kept_key)));
    if (!others.empty()) TRY(view.remove_keys("Bridge", row, "other_config", others));
  }
  return {};
}

}  // namespace

Result<Outcome> do_nothing(Context&) { return Outcome::done; }

Result<Outcome> emer_reset(Context& context) {
  for (const auto& [table, column] : emptied) TRY(empty_column(context.view(), table, column));
  TRY(empty_bridge_config(context.view()));
  TRY(stop_policing(context.view()));
  return Outcome::done;
}

}  // namespace weft::vsctl
