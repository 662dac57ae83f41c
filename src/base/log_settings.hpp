// What -v, --syslog-method and --syslog-target, and the commands vlog/... of a running daemon, say about the log.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace weft {

// Words between spaces, commas and colons, in any order and case: a level (else dbg), a destination (else all), a
// module (else all); or PATTERN:DESTINATION:PATTERN; or FACILITY:NAME. Errors: "usage", in Open vSwitch's words.
Result<> apply_log_spec(std::string_view spec);

// "libc" and so on, see base/syslog.hpp. Until it is called nothing goes to the system's log.
Result<> set_syslog_method(std::string_view method);
// What OVS_SYSLOG_METHOD says, else "libc".
Result<> set_default_syslog_method();
void set_syslog_target(std::string_view target);

// vlog/disable-rate-limit and its opposite. Empty: all modules. Error: no such module.
Result<> set_log_limits(std::string_view module, bool have_limits);

// The tables of vlog/list and vlog/list-pattern.
std::string describe_log_levels();
std::string describe_log_patterns();

}  // namespace weft
