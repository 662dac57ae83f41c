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
  return Outcome::done;
}

}  // namespace weft::vsctl
