// What is wrong in a lab file, all of it: each with its line and column.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace weft::topology {

// Where in the file; both count from 1.
struct Place {
  int line = 1;
  int column = 1;

  auto operator<=>(const Place&) const = default;
};

class Complaints {
 public:
  // `file`: as it stands before each complaint.
  explicit Complaints(std::string file) : file_(std::move(file)) {}

  void add(Place place, std::string text) { found_.emplace_back(place, std::move(text)); }
  bool empty() const { return found_.empty(); }
  // In the file's order, a line each, complaints_max at most. Tag: "lab file".
  Error error() const;

 private:
  std::string file_;
  std::vector<std::pair<Place, std::string>> found_;
};

}  // namespace weft::topology
