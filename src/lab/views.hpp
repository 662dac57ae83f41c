// weft lab list and status: which labs there are, and how they are.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.hpp"

namespace weft::lab {

struct ListCommand {
  bool json = false;
};
struct StatusCommand {
  std::string lab = {};  // Its name, or its file.
  bool json = false;
  bool watch = false;
};

Result<int> run(const ListCommand& command, std::FILE* out);
// The exit status: 1 if something is not as it should be.
Result<int> run(const StatusCommand& command, std::FILE* out);

}  // namespace weft::lab
