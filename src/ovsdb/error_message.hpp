// How programs tell of an error about a database file.
#pragma once

#include <string>

#include "base/error.hpp"

namespace weft::ovsdb {

// Begins with the kind of error in Open vSwitch's words, which scripts look at: "I/O error: ", "ovsdb error: ".
std::string message_of(const Error& error);
// The same, but "usage" and other errors that are not about a file's content keep to their details.
std::string file_message_of(const Error& error);

}  // namespace weft::ovsdb
