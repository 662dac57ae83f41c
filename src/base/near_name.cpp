#include "base/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace weft {
namespace {

constexpr std::size_t most_listed = 8;
constexpr std::size_t longest_compared = 64;  // The work grows with its square.

// Insertions, deletions, replacements, and two neighbours that changed places.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> changes(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) changes[i][0] = i;
  std::iota(changes[0].begin(), changes[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = changes[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      changes[i][j] = std::min({replaced, changes[i - 1][j] + 1, changes[i][j - 1] + 1});
      const bool are_swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (are_swapped) changes[i][j] = std::min(changes[i][j], changes[i - 2][j - 2] + 1);
    }
  }
  return changes[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> near_name(std::string_view wrong, std::span<const std::string> names) {
  std::optional<std::string> nearest;
  auto least = std::max<std::size_t>(wrong.size() / 3, 1) + 1;
  if (wrong.size() > longest_compared) return std::nullopt;
  for (const auto& name : names) {
    if (name.size() > longest_compared) continue;
    const auto changes = distance(wrong, name);
    if (changes >= least) continue;
    least = changes;
    nearest = name;
  }
  return nearest;
}

std::string suggest_name(std::string_view wrong, std::span<const std::string> names) {
  if (const auto near = near_name(wrong, names)) return fmt::format("; did you mean \"{}\"?", *near);
  if (names.empty() || names.size() > most_listed) return {};
  return fmt::format("; there {} {}", names.size() == 1 ? "is" : "are", fmt::join(names, ", "));
}

}  // namespace weft
