#include "dbserver/replication_settings.hpp"

#include <fmt/format.h>

#include <ranges>

namespace weft::dbserver {

Result<TablesByDatabase> parse_tables(const std::string& list) {
  TablesByDatabase tables;
  for (const auto part : std::views::split(list, ',')) {
    const std::string_view place(part.begin(), part.end());
    if (place.empty()) continue;
    const auto colon = place.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == place.size())
      return fail("usage", fmt::format("{}: \"{}\" is not DATABASE:TABLE", list, place));
    tables[std::string(place.substr(0, colon))].emplace(place.substr(colon + 1));
  }
  return tables;
}

std::string list_of(const TablesByDatabase& tables) {
  std::string list;
  for (const auto& [database, names] : tables)
    for (const auto& table : names) list += fmt::format("{}{}:{}", list.empty() ? "" : ",", database, table);
  return list;
}

}  // namespace weft::dbserver
