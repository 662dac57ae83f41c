// The options about the log that all programs have, see ovs-appctl(8).
#pragma once

#include <getopt.h>

#include <span>
#include <string_view>

#include "base/error.hpp"
#include "base/log.hpp"

namespace weft {

// What getopt_long returns for one.
enum LogOption { id_verbose = 'v', id_log_file = 1000, id_syslog_method, id_syslog_target, id_log_options_end };

std::span<const option> log_options();
inline constexpr std::string_view log_short_options = "v::";

// Takes effect at once. False: `id` is none of these. Errors: "usage"; "log file" where it cannot be opened.
Result<bool> apply_log_option(int id, const char* argument);

// Before the options are read. `console`: the least that is told there.
Result<> start_log(LogLevel console);

inline constexpr std::string_view log_options_help =
    R"(  -v, --verbose[=SPEC]
                      what to log: a module, a level (off, emer, err, warn,
                      info, dbg) and a destination (console, syslog, file),
                      with colons between; without SPEC everything
  --log-file[=FILE]   log there, too (default: PROGRAM.log in OVS_LOGDIR)
  --syslog-method=METHOD
                      libc (default), unix:FILE, udp:IP:PORT or null
  --syslog-target=HOST:PORT
                      send the log there by UDP, too
)";

}  // namespace weft
