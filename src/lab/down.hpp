// weft lab down: by the journal, in reverse, and proof that nothing is left.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.hpp"

namespace weft::lab {

struct DownCommand {
  std::string lab = {};  // Its name, or its file.
  bool json = false;
};
// The exit status: 1 if something is left. Errors: a host that could not be asked; what is known of it stays recorded.
Result<int> run(const DownCommand& command, std::FILE* out);

}  // namespace weft::lab
