// What --help and --version print.
#pragma once

#include <string>

namespace weft::dbtool {

std::string help_text();
std::string version_text();

}  // namespace weft::dbtool
