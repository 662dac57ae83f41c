// A client's monitor: its own name for a view, and the messages that carry what is told of it.
#pragma once

#include "ovsdb/monitor_view.hpp"

namespace weft::ovsdb {

class Monitor {
 public:
  // `id` is the client's own name for it; the memory that it is in is kept until the next change_conditions().
  Monitor(json::value id, std::shared_ptr<const MonitorView> view);

  const json::value& id() const { return id_; }
  const MonitorView& view() const { return *view_; }
  const Database& database() const { return view_->database(); }

  // The text of the notification that carries `updates`, a text: "update", "update2" or "update3".
  std::string notification(std::string_view updates, const Uuid& transaction_id) const;

  // "monitor_cond_change": the monitor's new name and conditions; the result is what comes into sight and what leaves
  // it. After an error nothing has changed.
  Result<json::object> change_conditions(json::value new_id, const json::value& requests);

 private:
  json::value id_;
  json::storage_ptr request_memory_;
  std::shared_ptr<const MonitorView> view_;
  std::string notification_begin_;  // Its text up to the parameter that follows the monitor's name.
};

}  // namespace weft::ovsdb
