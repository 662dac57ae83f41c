// What "help", --help and --version print.
#pragma once

#include <string>

namespace weft::dbclient {

std::string help_text();
std::string version_text();

}  // namespace weft::dbclient
