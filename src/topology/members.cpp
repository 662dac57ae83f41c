#include "topology/members.hpp"

#include <fmt/format.h>

namespace weft::topology {

std::vector<std::string> member_names(std::string_view name, std::optional<std::uint32_t> count) {
  if (!count) return {std::string(name)};
  std::vector<std::string> names;
  for (std::uint32_t i = 1; i <= *count; ++i) names.push_back(fmt::format("{}{}", name, i));
  return names;
}

bool TakenNames::take(const std::string& name, Place place, Complaints& complaints) {
  const auto [other, is_new] = places_.emplace(name, place);
  if (!is_new) {
    complaints.add(place, fmt::format("the name \"{}\" is given twice; first on line {}", name, other->second.line));
  }
  return is_new;
}

}  // namespace weft::topology
