// How a log line looks: a pattern with % and a letter for what it is made of, as ovs-appctl(8) tells under vlog/set.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/log.hpp"

namespace weft {

struct LogRecord {
  LogLevel level;
  std::string_view module;
  std::string_view message;
  std::uint64_t number;  // The first line's is 1.
  std::chrono::system_clock::time_point time;
  std::chrono::nanoseconds since_start;
  int facility;  // As in syslog(3).
  std::string_view subprogram = {};
};

// "%10p": the widest that anything is made.
inline constexpr std::size_t max_log_field_width = 1000;

// Without a line feed at the end. Letters that are not known stand for themselves.
std::string format_log_line(std::string_view pattern, const LogRecord& record);

std::string_view default_log_pattern(LogDestination destination);
std::string_view log_level_name(LogLevel level);  // "WARN"
// The severity of syslog(3): INFO is a notice there, for what syslog calls info is mostly thrown away.
int syslog_severity(LogLevel level);

}  // namespace weft
