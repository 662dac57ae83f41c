// weft doctor: what on this host would stop Weft, each with the command that cures it.
#pragma once

#include <cstdio>
#include <span>
#include <string>

namespace weft::doctor {

// `arguments` without "weft doctor". The exit status: 0; 1 when something would stop Weft, 2 when the command line is
// wrong.
int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err);

}  // namespace weft::doctor
