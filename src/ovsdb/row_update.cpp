#include "ovsdb/row_update.hpp"

#include "ovsdb/datum_diff.hpp"

namespace weft::ovsdb {
namespace {

bool is_selected(const MonitorSelect& select, RowEvent event) {
  switch (event) {
    case RowEvent::initial:
      return select.initial;
    case RowEvent::insert:
      return select.insert;
    case RowEvent::remove:
      return select.remove;
    case RowEvent::modify:
      return select.modify;
  }
  return false;
}

class Teller {
 public:
  Teller(const TableSchema& schema, const MonitoredTable& monitored, RowEvent event)
      : schema_(schema), monitored_(monitored), event_(event) {}

  // Column by column what `tell` says of it, where it says anything.
  template <class Tell>
  json::object row(Tell tell) const {
    json::object result;
    for (const auto& [column, select] : monitored_.columns) {
      if (!is_selected(select, event_)) continue;
      const auto& column_schema = schema_.columns[column];
      if (auto value = tell(column_schema, column)) result.emplace(column_schema.name, std::move(*value));
    }
    return result;
  }

  json::object whole(const Row& row_content) const {
    return row([&](const ColumnSchema& schema, std::size_t column) {
      return std::optional<json::value>(std::in_place, schema.type.datum_to_json(row_content.columns[column]));
    });
  }

 private:
  const TableSchema& schema_;
  const MonitoredTable& monitored_;
  RowEvent event_;
};

std::optional<json::value> update1(const Teller& teller, RowEvent event, const Row* before, const Row* after) {
  json::object update;
  if (event == RowEvent::modify) {
    auto old = teller.row([&](const ColumnSchema& schema, std::size_t column) {
      const auto& datum = before->columns[column];
      return datum == after->columns[column] ? std::nullopt
                                             : std::optional<json::value>(schema.type.datum_to_json(datum));
    });
    if (old.empty()) return std::nullopt;
    update["old"] = std::move(old);
  } else if (event == RowEvent::remove) {
    update["old"] = teller.whole(*before);
  }
  if (after) update["new"] = teller.whole(*after);
  return update;
}

json::object without_defaults(const Teller& teller, const Row& row) {
  return teller.row([&](const ColumnSchema& schema, std::size_t column) {
    const auto& datum = row.columns[column];
    return datum == schema.default_value ? std::nullopt : std::optional<json::value>(schema.type.datum_to_json(datum));
  });
}

json::object differences(const Teller& teller, const Row& before, const Row& after) {
  return teller.row([&](const ColumnSchema& schema, std::size_t column) -> std::optional<json::value> {
    const auto& old_datum = before.columns[column];
    const auto& new_datum = after.columns[column];
    if (old_datum == new_datum) return std::nullopt;
    return difference_type(schema.type).datum_to_json(difference(schema.type, old_datum, new_datum));
  });
}

std::optional<json::value> update2(const Teller& teller, RowEvent event, const Row* before, const Row* after) {
  json::object update;
  switch (event) {
    case RowEvent::initial:
      update["initial"] = without_defaults(teller, *after);
      break;
    case RowEvent::insert:
      update["insert"] = without_defaults(teller, *after);
      break;
    case RowEvent::remove:
      update["delete"] = nullptr;
      break;
    case RowEvent::modify:
      auto changed = differences(teller, *before, *after);
      if (changed.empty()) return std::nullopt;
      update["modify"] = std::move(changed);
      break;
  }
  return update;
}

}  // namespace

std::optional<json::value> row_update(MonitorKind kind, const TableSchema& schema, const MonitoredTable& monitored,
                                      RowEvent event, const Row* before, const Row* after) {
  if (!is_selected(monitored.select, event)) return std::nullopt;
  const Teller teller(schema, monitored, event);
  return kind == MonitorKind::monitor ? update1(teller, event, before, after) : update2(teller, event, before, after);
}

}  // namespace weft::ovsdb
