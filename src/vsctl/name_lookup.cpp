#include "vsctl/name_lookup.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace weft::vsctl {
namespace {

char folded(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c == '-' ? '_' : c;
}

bool is_prefix(std::string_view prefix, std::string_view name) {
  return prefix.size() <= name.size() && std::ranges::equal(prefix, name.substr(0, prefix.size()), {}, folded, folded);
}

// Positions of the names that `text` may mean: one if it is a whole name, else all it is a prefix of.
template <class Named>
std::vector<std::size_t> candidates(const std::vector<Named>& all, std::size_t first, std::string_view text) {
  std::vector<std::size_t> found;
  for (std::size_t i = first; i < all.size(); ++i) {
    if (!is_prefix(text, all[i].name)) continue;
    if (all[i].name.size() == text.size()) return {i};
    found.push_back(i);
  }
  return found;
}

template <class Named>
std::string names_of(const std::vector<Named>& all, const std::vector<std::size_t>& positions) {
  std::vector<std::string_view> names;
  for (const auto position : positions) names.push_back(all[position].name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Result<std::size_t> find_table(const ovsdb::DatabaseSchema& schema, std::string_view name) {
  const auto found = candidates(schema.tables, 0, name);
  if (found.empty()) return fail("unknown table", fmt::format("unknown table \"{}\"", name));
  if (found.size() == 1) return found.front();
  return fail("unknown table",
              fmt::format("\"{}\" matches multiple table names: {}", name, names_of(schema.tables, found)));
}

Result<std::size_t> find_column(const ovsdb::TableSchema& table, std::string_view name) {
  const auto found = candidates(table.columns, ovsdb::first_own_column, name);
  if (found.empty()) {
    return fail("unknown column",
                fmt::format("{} does not contain a column whose name matches \"{}\"", table.name, name));
  }
  if (found.size() == 1) return found.front();
  return fail("unknown column", fmt::format("{} contains more than one column whose name matches \"{}\": {}",
                                            table.name, name, names_of(table.columns, found)));
}

Result<std::size_t> find_shown_column(const ovsdb::TableSchema& table, std::string_view name) {
  if (name == "_uuid") return ovsdb::uuid_column;
  return find_column(table, name);
}

}  // namespace weft::vsctl
