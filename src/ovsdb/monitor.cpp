#include "ovsdb/monitor.hpp"

#include <fmt/format.h>

#include "ovsdb/error_tags.hpp"

namespace weft::ovsdb {

Monitor::Monitor(json::value id, std::shared_ptr<const MonitorView> view)
    : id_(std::move(id)), request_memory_(id_.storage()), view_(std::move(view)) {
  constexpr std::string_view methods[] = {"update", "update2", "update3"};  // In the order of MonitorKind.
  notification_begin_ = fmt::format(R"({{"id":null,"method":"{}","params":[{},)",
                                    methods[static_cast<std::size_t>(view_->kind())], to_text(id_));
}

std::string Monitor::notification(std::string_view updates, const Uuid& transaction_id) const {
  std::string text;
  text.reserve(notification_begin_.size() + updates.size() + 48);
  text += notification_begin_;
  if (view_->kind() == MonitorKind::monitor_cond_since)
    text.append(1, '"').append(transaction_id.to_string()).append("\",");
  return text.append(updates).append("]}");
}

Result<json::object> Monitor::change_conditions(json::value new_id, const json::value& requests) {
  if (view_->kind() == MonitorKind::monitor)
    return fail(syntax_error, "a monitor made by \"monitor\" has no conditions");
  auto tables = view_->tables();
  for (auto& [table, condition] : TRY(parse_condition_changes(database().schema(), tables, requests)))
    tables.at(table).condition = std::move(condition);
  const auto next = std::make_shared<const MonitorView>(view_->kind(), database(), std::move(tables));
  auto seen = view_->transition(*next);
  *this = Monitor(std::move(new_id), next);
  return seen;
}

}  // namespace weft::ovsdb
