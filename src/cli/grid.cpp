#include "cli/grid.hpp"

#include <algorithm>

#include "cli/style.hpp"

namespace weft::cli {
namespace {

constexpr std::string_view gap = "  ";

}  // namespace

std::vector<std::string> Grid::lines() const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    if (row.size() == 1) continue;
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    if (row.size() == 1) {
      lines.push_back(row[0]);
      continue;
    }
    auto line = indent_;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      if (i > 0) line += gap;
      line += columns_[i] == 'r' ? padding + row[i] : row[i] + padding;
    }
    line.resize(line.find_last_not_of(' ') + 1);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace weft::cli
