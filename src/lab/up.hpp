// weft lab up: from the file to the lab.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.hpp"

namespace weft::lab {

struct UpCommand {
  std::string file = {};
  bool is_dry = false;
  bool json = false;
};
// The exit status. Errors: what the file or a host says.
Result<int> run(const UpCommand& command, std::FILE* out);

}  // namespace weft::lab
