// weft: looks into the switch.
#pragma once

#include <cstdio>
#include <span>
#include <string>

namespace weft::inspect {

// `arguments` without the program's name. The exit status: 0; 1 when it could not be done, or something is wrong in
// what weft status shows; 2 when the command line is wrong.
int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err);

}  // namespace weft::inspect
