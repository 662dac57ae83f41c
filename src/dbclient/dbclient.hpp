// ovsdb-client(1) as a function.
#pragma once

#include <cstdio>
#include <span>
#include <string>

namespace weft::dbclient {

// `arguments` without the program's name. Results go to `out`, errors to `err`. The result: the exit status, 0 or 1.
int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err);

}  // namespace weft::dbclient
