#include "vsctl/switch_wait.hpp"

#include <fmt/format.h>

#include "vsctl/operation_json.hpp"

namespace weft::vsctl {
namespace {

// {"Open_vSwitch": {UUID: {"new": {"cur_cfg": N}}}} (RFC 7047 section 4.1.6); nothing if it says nothing of it.
std::optional<std::int64_t> cur_cfg_in(const json::value& updates) {
  const auto member = [](const json::value* value, std::string_view name) -> const json::value* {
    return value && value->is_object() ? value->get_object().if_contains(name) : nullptr;
  };
  const auto* table = member(&updates, "Open_vSwitch");
  if (!table || !table->is_object()) return std::nullopt;
  for (const auto& row : table->get_object()) {
    const auto* value = member(member(&row.value(), "new"), "cur_cfg");
    if (value && value->is_int64()) return value->get_int64();
  }
  return std::nullopt;
}

Result<> wait_connected(Session& session, std::int64_t next_cfg, bool& has_told, std::FILE* err) {
  auto reached = cur_cfg_in(TRY(session.watch("Open_vSwitch", "cur_cfg")));
  while (!reached || *reached < next_cfg) {
    const auto change =
        session.next_change(has_told ? std::nullopt : std::optional<std::chrono::milliseconds>(patience));
    if (change) {
      if (const auto told = cur_cfg_in(*change)) reached = told;
    } else if (change.error().tag == "timed out") {
      has_told = true;
      fmt::print(err,
                 "ovs-vsctl: the change is committed; still waiting for the switch to take it up (configuration {}, "
                 "the switch is at {}). Is it running? --no-wait does not wait, --timeout=SECS bounds it.\n",
                 next_cfg, reached.value_or(0));
    } else {
      return std::unexpected(change.error());
    }
  }
  return {};
}

std::string text_in(const json::object& row, std::string_view column) {
  const auto* value = row.if_contains(column);
  return value && value->is_string() ? std::string(value->get_string()) : "";
}

// The port number of an interface that works is set, and not -1.
bool is_set_up(const json::object& row) {
  const auto* ofport = row.if_contains("ofport");
  return ofport && ofport->is_int64() && ofport->get_int64() != -1;
}

}  // namespace

Result<> wait_for_switch(Session& session, const std::string& remote, std::int64_t next_cfg, std::FILE* err) {
  bool has_told = false;
  while (true) {
    const auto waited = wait_connected(session, next_cfg, has_told, err);
    if (waited || waited.error().tag != "connection lost") return waited;
    session = TRY(Session::open(remote, true));
  }
}

Result<> report_failed_interfaces(Session& session, const std::vector<Uuid>& interfaces, std::FILE* err) {
  if (interfaces.empty()) return {};
  json::array operations;
  for (const auto& uuid : interfaces) {
    operations.push_back(json::object{{"op", "select"},
                                      {"table", "Interface"},
                                      {"where", where_row(uuid)},
                                      {"columns", json::array{"name", "ofport", "error"}}});
  }
  for (const auto& result : TRY(session.read(std::move(operations)))) {
    const auto* rows = result.is_object() ? result.get_object().if_contains("rows") : nullptr;
    if (!rows || !rows->is_array() || rows->get_array().empty() || !rows->get_array()[0].is_object()) continue;
    const auto& row = rows->get_array()[0].get_object();
    if (is_set_up(row)) continue;
    const auto reason = text_in(row, "error");
    fmt::print(err, "ovs-vsctl: Error detected while setting up '{}'{}{}.  See the switch's log for details.\n",
               text_in(row, "name"), reason.empty() ? "" : ": ", reason);
  }
  return {};
}

}  // namespace weft::vsctl
