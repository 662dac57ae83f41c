// The log of a command-line program: warnings on the console, more where -v, --log-file and so on ask for it.
#pragma once

#include "base/error.hpp"

namespace weft::cli {

// Before the options are read. Error "usage": OVS_SYSLOG_METHOD.
Result<> start_client_log();

}  // namespace weft::cli
