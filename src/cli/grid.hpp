// Cells in columns, as wide as their widest cell.
#pragma once

#include <string>
#include <vector>

namespace weft::cli {

class Grid {
 public:
  // A letter for each column: 'l' to the left, 'r' to the right. `indent` in front of each line.
  explicit Grid(std::string_view columns, std::string indent = "  ") : columns_(columns), indent_(std::move(indent)) {}

  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // A line of its own, between the rows.
  void add_line(std::string line) { rows_.push_back({std::move(line)}); }
  std::vector<std::string> lines() const;

 private:
  std::string_view columns_;
  std::string indent_;
  std::vector<std::vector<std::string>> rows_;  // Of one cell: a line of its own.
};

}  // namespace weft::cli
