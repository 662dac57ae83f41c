// The program ovsdb-server, as a function (ovsdb-server(1)).
#pragma once

#include <cstdio>
#include <span>
#include <string>

namespace weft::dbserver {

// `arguments` without the program's name. Returns the exit status: 0; 1 after an error, told on `err`. Ends by the
// signal that told it to stop. Changes what belongs to the process: the umask, the handling of signals.
int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err);

}  // namespace weft::dbserver
