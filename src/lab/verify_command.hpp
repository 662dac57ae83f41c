// weft lab verify: which lab, and how to tell.
#pragma once

#include <cstdio>
#include <string>

#include "base/error.hpp"

namespace weft::lab {

struct VerifyCommand {
  std::string lab = {};  // Its name, or its file.
  bool json = false;
};

// The exit status: 1 if a pair does not reach each other, or reaches whom it should not.
Result<int> run(const VerifyCommand& command, std::FILE* out);

}  // namespace weft::lab
