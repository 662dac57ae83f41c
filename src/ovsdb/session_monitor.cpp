// The monitors of a session (RFC 7047 sections 4.1.5 to 4.1.7, ovsdb-server(7) sections 4.1.12 to 4.1.16).
#include "base/coverage.hpp"
#include "ovsdb/error_tags.hpp"
#include "ovsdb/session.hpp"

namespace weft::ovsdb {
namespace {

EventCounter told("ovsdb_monitor_update");

std::unexpected<json::value> invalid_parameters(const json::array& params) {
  return std::unexpected(json::value(to_json(Error{syntax_error, "invalid parameters"}, params)));
}

// A copy in the memory of the message that `id` is part of. So all of that is counted for the client for as long as it
// has the monitor: for the conditions that were in the message, which may be large.
json::value in_own_memory(const json::value& id) { return json::value(id, id.storage()); }

}  // namespace

std::list<Monitor>::iterator Session::find_monitor(const json::value& id) {
  return std::ranges::find(monitors_, id, &Monitor::id);
}

std::expected<Monitor*, json::value> Session::add_monitor(MonitorKind kind, ServedDatabase& served,
                                                          const json::array& params) {
  const auto& id = params[1];
  if (find_monitor(id) != monitors_.end())
    return std::unexpected(to_json(Error{syntax_error, "duplicate monitor ID"}, id));
  if (monitors_.size() == max_monitors)
    return std::unexpected(
        to_json(Error{resources_exhausted, fmt::format("this client has {} monitors already", monitors_.size())}));
  auto view = served.views.find_or_make(kind, params[2]);
  if (!view) return std::unexpected(to_json(view.error()));
  return &monitors_.emplace_back(in_own_memory(id), *std::move(view));
}

Session::Answer Session::start_monitor(MonitorKind kind, const Request& request) {
  const auto served = database_of(request);
  if (!served) return std::unexpected(served.error());
  if (request.params.size() != 3) return invalid_parameters(request.params);
  const auto monitor = add_monitor(kind, **served, request.params);
  if (!monitor) return std::unexpected(monitor.error());
  return (*monitor)->view().initial();
}

Session::Answer Session::monitor(Request& request) { return start_monitor(MonitorKind::monitor, request); }

Session::Answer Session::monitor_cond(Request& request) { return start_monitor(MonitorKind::monitor_cond, request); }

Session::Answer Session::monitor_cond_since(Request& request) {
  const auto served = database_of(request);
  if (!served) return std::unexpected(served.error());
  if (request.params.size() != 4) return invalid_parameters(request.params);
  const auto& since = request.params[3];
  if (!since.is_string()) return std::unexpected(to_json(Error{syntax_error, "last-txn-id must be string"}, since));
  const auto known = Uuid::parse(since.get_string());
  if (!known) return std::unexpected(to_json(Error{syntax_error, "last-txn-id must be UUID format."}, since));
  const auto monitor = add_monitor(MonitorKind::monitor_cond_since, **served, request.params);
  if (!monitor) return std::unexpected(monitor.error());
  const auto missed = (*served)->database->history()->since(*known, (*monitor)->view().depends_on_unkept());
  const auto last = (*served)->database->last_transaction_id().to_string();
  return json::array{missed.has_value(), last,
                     missed ? (*monitor)->view().updates(*missed) : (*monitor)->view().initial()};
}

Session::Answer Session::monitor_cond_change(Request& request) {
  if (request.params.size() != 3) return invalid_parameters(request.params);
  const auto& old_id = request.params[0];
  const auto& new_id = request.params[1];
  const auto monitor = find_monitor(old_id);
  if (monitor == monitors_.end())
    return std::unexpected(to_json(Error{syntax_error, "unknown monitor session"}, old_id));
  if (new_id != old_id && find_monitor(new_id) != monitors_.end())
    return std::unexpected(to_json(Error{syntax_error, "duplicate monitor ID"}, new_id));
  auto updates = monitor->change_conditions(in_own_memory(new_id), request.params[2]);
  if (!updates) return std::unexpected(to_json(updates.error()));
  if (!updates->empty()) output_(monitor->notification(to_text(*updates), monitor->database().last_transaction_id()));
  return json::object();
}

Session::Answer Session::monitor_cancel(Request& request) {
  if (request.params.size() != 1) return std::unexpected(json::value("invalid parameters"));
  const auto monitor = find_monitor(request.params[0]);
  if (monitor == monitors_.end()) return std::unexpected(json::value("unknown monitor"));
  monitors_.erase(monitor);
  return json::object();
}

void Session::tell_changes(const Database& database, CommitNews& news) {
  if (!is_behind_()) {
    catch_up();
    return tell(database, news);
  }
  const bool is_concerned =
      std::ranges::any_of(monitors_, [&](const Monitor& monitor) { return &monitor.database() == &database; });
  if (!is_concerned) return;
  auto& untold = untold_[&database];
  untold.changes.add(news.changes());
  untold.transaction_id = news.transaction_id();
  if (untold.changes.row_count() > max_untold_rows) catch_up();
}

void Session::catch_up() {
  for (auto& [database, untold] : std::exchange(untold_, {})) {
    CommitNews news(untold.changes, untold.transaction_id);
    tell(*database, news);
  }
}

void Session::tell(const Database& database, CommitNews& news) {
  for (const auto& monitor : monitors_) {
    if (&monitor.database() != &database) continue;
    const auto& updates = news.updates(monitor.view());
    if (updates.empty()) continue;
    told.count();
    output_(monitor.notification(updates, news.transaction_id()));
  }
}

}  // namespace weft::ovsdb
