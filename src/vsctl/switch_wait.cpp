#include "vsctl/switch_wait.hpp"

#include <fmt/format.h>

#include "base/directories.hpp"
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

using std::chrono::steady_clock;

class SwitchWait {
 public:
  SwitchWait(Session& session, std::int64_t next_cfg, const Patience& patience, std::FILE* err)
      : session_(session), next_cfg_(next_cfg), err_(err), told_at_(steady_clock::now() + patience.until_told) {
    if (!patience.until_end) return;
    patience_seconds_ = std::chrono::ceil<std::chrono::seconds>(*patience.until_end);
    end_ = steady_clock::now() + *patience.until_end;
  }

  stream::Deadline end() const { return end_; }

  // On this connection. Error "timed out": given up.
  Result<> run() {
    note(TRY(session_.watch("Open_vSwitch", "cur_cfg")));
    while (reached_ < next_cfg_) {
      const bool tell_first = told_at_ && (!end_ || *told_at_ < *end_);
      const auto change = session_.next_change(tell_first ? told_at_ : end_);
      if (change) {
        note(*change);
      } else if (change.error().tag != "timed out") {
        return std::unexpected(change.error());
      } else if (!tell_first) {
        return given_up();
      } else {
        tell();
        told_at_.reset();
      }
    }
    return {};
  }

  std::unexpected<Error> given_up() const {
    return fail("timed out",
                fmt::format("the change is committed, but the switch has not taken it up within {} seconds ({}). It "
                            "will when it runs: see whether weftd or ovs-vswitchd does, and its log",
                            patience_seconds_.count(), state()));
  }

 private:
  void note(const json::value& updates) {
    if (const auto told = cur_cfg_in(updates)) reached_ = *told;
  }
  std::string state() const { return fmt::format("configuration {}, the switch is at {}", next_cfg_, reached_); }
  void tell() const {
    fmt::print(err_,
               "ovs-vsctl: the change is committed; still waiting for the switch to take it up ({}). Is it running? "
               "--no-wait does not wait, --timeout=SECS says how long{}.\n",
               state(), end_ ? fmt::format("; else it is {} seconds", patience_seconds_.count()) : "");
  }

  Session& session_;
  std::int64_t next_cfg_;
  std::FILE* err_;
  stream::Deadline told_at_;  // None: it has been told.
  stream::Deadline end_;
  std::chrono::seconds patience_seconds_{};
  std::int64_t reached_ = 0;
};

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

Result<> wait_for_switch(Session& session, Remote remote, std::int64_t next_cfg, const Patience& patience,
                         std::FILE* err) {
  remote.retry = true;
  SwitchWait wait(session, next_cfg, patience, err);
  while (true) {
    const auto waited = wait.run();
    if (waited || waited.error().tag != "connection lost") return waited;
    auto again = Session::open(remote, wait.end());
    if (!again && again.error().tag == "timed out") return wait.given_up();
    session = TRY(std::move(again));
  }
}

Result<std::size_t> report_failed_interfaces(Session& session, const std::vector<Uuid>& interfaces, std::FILE* err) {
  if (interfaces.empty()) return 0;
  json::array operations;
  for (const auto& uuid : interfaces) {
    operations.push_back(json::object{{"op", "select"},
                                      {"table", "Interface"},
                                      {"where", where_row(uuid)},
                                      {"columns", json::array{"name", "ofport", "error"}}});
  }
  std::size_t failed = 0;
  for (const auto& result : TRY(session.read(std::move(operations)))) {
    const auto* rows = result.is_object() ? result.get_object().if_contains("rows") : nullptr;
    if (!rows || !rows->is_array() || rows->get_array().empty() || !rows->get_array()[0].is_object()) continue;
    const auto& row = rows->get_array()[0].get_object();
    if (is_set_up(row)) continue;
    const auto reason = text_in(row, "error");
    // Word for word as Open vSwitch says it: scripts look for it.
    fmt::print(err, "ovs-vsctl: Error detected while setting up '{}'{}{}.  See ovs-vswitchd log for details.\n",
               text_in(row, "name"), reason.empty() ? "" : ": ", reason);
    ++failed;
  }
  if (failed > 0) fmt::print(err, "ovs-vsctl: The default log directory is \"{}\".\n", log_directory());
  return failed;
}

}  // namespace weft::vsctl
