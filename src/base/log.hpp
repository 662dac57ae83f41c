// Log lines: each is from a module and has a level, and goes to the destinations whose level for that module admits it.
// Modules, levels, destinations and the form of the lines are those that ovs-appctl(8) tells, so that people's scripts
// and eyes find what they know. Messages say what happened to which object, and what follows from it.
//
//     const LogModule log("reconnect");
//     log.info("{}: connected", name);
//
// What the outside world can cause at will is logged through a LogLimit. For one thread.
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace weft {

class LogLimit;

// Each admits those before it.
enum class LogLevel : unsigned char { off, emergency, error, warning, info, debug };

enum class LogDestination : unsigned char { syslog, console, file };
inline constexpr std::array log_destinations{LogDestination::syslog, LogDestination::console, LogDestination::file};

// One name may stand in several files: it is one module.
class LogModule {
 public:
  struct State {
    std::string name;
    std::array<LogLevel, log_destinations.size()> levels;
    bool has_limits = true;  // vlog/disable-rate-limit
    bool admits(LogLevel level) const;
  };

  explicit LogModule(std::string_view name);

  // A line that is only worth its cost if somebody reads it.
  bool would_log(LogLevel level) const { return state_.admits(level); }

  template <class... Args>
  void error(fmt::format_string<Args...> format, const Args&... args) const {
    write(LogLevel::error, nullptr, format, fmt::make_format_args(args...));
  }
  template <class... Args>
  void warning(fmt::format_string<Args...> format, const Args&... args) const {
    write(LogLevel::warning, nullptr, format, fmt::make_format_args(args...));
  }
  template <class... Args>
  void info(fmt::format_string<Args...> format, const Args&... args) const {
    write(LogLevel::info, nullptr, format, fmt::make_format_args(args...));
  }
  template <class... Args>
  void debug(fmt::format_string<Args...> format, const Args&... args) const {
    write(LogLevel::debug, nullptr, format, fmt::make_format_args(args...));
  }
  // At most as often as `limit` lets.
  template <class... Args>
  void limited(LogLimit& limit, LogLevel level, fmt::format_string<Args...> format, const Args&... args) const {
    write(level, &limit, format, fmt::make_format_args(args...));
  }

 private:
  void write(LogLevel level, LogLimit* limit, fmt::string_view format, fmt::format_args args) const;
  State& state_;
};

// The console: INFO until told otherwise, as the other destinations. A program that people call and read the output of
// wants only warnings there, a daemon in the background nothing.
void set_console_level(LogLevel least);

// What %T tells in lines of a process that is not the first of its program; empty: nothing.
void set_log_subprogram(std::string_view name);

// Appends; created as the umask lets, at most 0660. Says in the log that it is open, or why it is not.
Result<> open_log_file(const std::string& path);
void close_log_file();
bool is_log_file_open();
// For a file that was moved away. Error: there was never one, or it cannot be opened; then there is none.
Result<> reopen_log_file();

}  // namespace weft
