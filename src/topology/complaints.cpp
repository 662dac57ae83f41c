#include "topology/complaints.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "topology/limits.hpp"

namespace weft::topology {
namespace {

// What stands in the file must not steer the terminal.
std::string printable(std::string text) {
  std::ranges::replace_if(text, [](char c) { return (c >= '\0' && c < ' ') || c == '\x7f'; }, '?');
  return text;
}

}  // namespace

Error Complaints::error() const {
  auto sorted = found_;
  std::ranges::sort(sorted);
  const auto repeated = std::ranges::unique(sorted);  // An alias's target is looked at once for every use.
  sorted.erase(repeated.begin(), repeated.end());
  std::vector<std::string> lines;
  for (const auto& [place, text] : sorted) {
    if (lines.size() == complaints_max) {
      lines.push_back(fmt::format("{}: and {} more", file_, sorted.size() - complaints_max));
      break;
    }
    lines.push_back(fmt::format("{}:{}:{}: {}", file_, place.line, place.column, printable(text)));
  }
  return {"lab file", fmt::format("{}", fmt::join(lines, "\n"))};
}

}  // namespace weft::topology
