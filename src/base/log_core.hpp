// What all log modules share: their registry, the destinations and how lines look there. For those who set it
// (log_settings.hpp) and for log.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>

#include "base/log.hpp"
#include "base/syslog.hpp"
#include "base/unique_fd.hpp"

namespace weft {

struct LogCore {
  static LogCore& get();

  LogModule::State& module(std::string_view name);  // Made if it is not there.

  std::map<std::string, LogModule::State, std::less<>> modules;
  std::array<LogLevel, log_destinations.size()> initial_levels{LogLevel::info, LogLevel::info, LogLevel::info};
  std::array<std::string, log_destinations.size()> patterns;
  std::unique_ptr<SyslogSender> syslog;         // None: that destination is not used.
  std::unique_ptr<SyslogSender> syslog_target;  // --syslog-target, besides.
  std::optional<int> facility;                  // FACILITY:..., as in syslog(3).
  std::string file_path;                        // Empty: no file was ever asked for.
  UniqueFd file;
  std::string subprogram;
  std::uint64_t count = 0;  // Lines so far, of all modules.
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();

  // To the destinations of `module` that admit it.
  void write(const LogModule::State& module, LogLevel level, std::string_view message);
};

inline std::size_t index_of(LogDestination destination) { return static_cast<std::size_t>(destination); }

}  // namespace weft
