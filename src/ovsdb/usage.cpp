#include "ovsdb/usage.hpp"

#include "ovsdb/service.hpp"

namespace weft::ovsdb {

Usage usage_of(const Service& service) {
  Usage usage{.sessions = service.session_count(), .monitors = service.monitor_count()};
  for (const auto& [name, served] : service.databases()) {
    const auto& tables = served.database->schema().tables;
    for (std::size_t table = 0; table < tables.size(); ++table) {
      for (const auto& [uuid, row] : served.database->rows(table)) {
        ++usage.rows;
        usage.cells += row->columns.size();
        for (const auto& datum : row->columns) usage.atoms += datum.keys().size() + datum.values().size();
      }
    }
  }
  return usage;
}

}  // namespace weft::ovsdb
