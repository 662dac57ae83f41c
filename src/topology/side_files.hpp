// Files that a lab file names, and where their names lead.
#pragma once

#include <functional>
#include <string>

#include "base/error.hpp"

namespace weft::topology {

// The text of a file. So that reading a lab is pure but for this.
using FileReader = std::function<Result<std::string>(const std::string& path)>;

// A regular file of at most `bytes_max`. Errors: "lab file", without a place.
Result<std::string> read_bounded(const std::string& path, std::size_t bytes_max);

// As the lab file means it: relative to its own folder; "~/" is the user's.
std::string resolve_path(const std::string& lab_file, const std::string& path);

}  // namespace weft::topology
