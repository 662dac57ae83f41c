// An Error as clients are told of it.
#pragma once

#include "base/json.hpp"

namespace weft::ovsdb {

// RFC 7047 section 3.1 <error>: {"error": tag, "details": details, "syntax": syntax}.
json::object to_json(const Error& error);
// The same with what was wrong as its "syntax".
json::object to_json(const Error& error, const json::value& syntax);

}  // namespace weft::ovsdb
