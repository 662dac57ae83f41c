#include "base/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <syslog.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/log_core.hpp"
#include "base/log_limit.hpp"
#include "base/log_pattern.hpp"

namespace weft {
namespace {

const LogModule log("vlog");

// RFC 5424 section 6, with the byte order mark that says UTF-8.
constexpr std::string_view target_pattern = "<%B>1 %D{%Y-%m-%dT%H:%M:%S.###Z} %E %A %P %c - \xef\xbb\xbf%m";

// A log that cannot be written is no reason to stop what it tells of.
void write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto length = ::write(fd, text.data(), text.size());
    if (length < 0 && errno != EINTR) return;
    if (length > 0) text.remove_prefix(static_cast<std::size_t>(length));
  }
}

bool is_same_file(int first, int second) {
  struct stat one{}, other{};
  return ::fstat(first, &one) == 0 && ::fstat(second, &other) == 0 && one.st_dev == other.st_dev &&
         one.st_ino == other.st_ino;
}

Result<> open_named_file() {
  auto& core = LogCore::get();
  UniqueFd opened(::open(core.file_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0660));
  if (!opened) {
    const char* reason = std::strerror(errno);
    log.warning("failed to open {} for logging: {}", core.file_path, reason);
    core.file.reset();
    return fail("log file", fmt::format("cannot open the log file {}: {}", core.file_path, reason));
  }
  if (core.file && is_same_file(core.file.get(), opened.get())) return {};
  if (core.file) log.info("closing log file");
  core.file = std::move(opened);
  log.info("opened log file {}", core.file_path);
  return {};
}

}  // namespace

bool LogModule::State::admits(LogLevel level) const {
  return std::ranges::any_of(levels, [level](LogLevel least) { return level <= least; });
}

LogModule::LogModule(std::string_view name) : state_(LogCore::get().module(name)) {}

void LogModule::write(LogLevel level, LogLimit* limit, fmt::string_view format, fmt::format_args args) const {
  if (!state_.admits(level)) return;
  if (limit && state_.has_limits) {
    const auto admission = limit->ask(std::chrono::steady_clock::now());
    if (!admission.is_admitted) return;
    if (!admission.report.empty()) LogCore::get().write(state_, level, admission.report);
  }
  LogCore::get().write(state_, level, fmt::vformat(format, args));
}

LogCore& LogCore::get() {
  static LogCore& core = *[] {
    auto* made = new LogCore;  // Never destroyed: others log until the end.
    for (const auto destination : log_destinations) {
      made->patterns[index_of(destination)] = default_log_pattern(destination);
    }
    return made;
  }();
  return core;
}

LogModule::State& LogCore::module(std::string_view name) {
  const auto found = modules.find(name);
  if (found != modules.end()) return found->second;
  return modules.emplace(name, LogModule::State{std::string(name), initial_levels}).first->second;
}

void LogCore::write(const LogModule::State& module, LogLevel level, std::string_view message) {
  const LogRecord record{level,
                         module.name,
                         message,
                         ++count,
                         std::chrono::system_clock::now(),
                         std::chrono::steady_clock::now() - start,
                         facility.value_or(LOG_LOCAL0),
                         subprogram};
  const auto is_for = [&](LogDestination destination) { return level <= module.levels[index_of(destination)]; };
  const auto line = [&](LogDestination destination) {
    return format_log_line(patterns[index_of(destination)], record);
  };
  if (is_for(LogDestination::console)) write_whole(STDERR_FILENO, line(LogDestination::console) + '\n');
  if (is_for(LogDestination::syslog)) {
    const int priority = facility.value_or(LOG_DAEMON) | syslog_severity(level);
    if (syslog) syslog->send(priority, line(LogDestination::syslog));
    if (syslog_target) syslog_target->send_as_it_is(format_log_line(target_pattern, record));
  }
  if (is_for(LogDestination::file) && file) write_whole(file.get(), line(LogDestination::file) + '\n');
}

void set_console_level(LogLevel least) {
  auto& core = LogCore::get();
  core.initial_levels[index_of(LogDestination::console)] = least;
  for (auto& [name, module] : core.modules) module.levels[index_of(LogDestination::console)] = least;
}

Result<> open_log_file(const std::string& path) {
  LogCore::get().file_path = path;
  return open_named_file();
}

bool is_log_file_open() { return static_cast<bool>(LogCore::get().file); }
void set_log_subprogram(std::string_view name) { LogCore::get().subprogram = name; }

void close_log_file() { LogCore::get().file.reset(); }

Result<> reopen_log_file() {
  if (LogCore::get().file_path.empty()) return fail("log file", "Logging to file not configured");
  return open_named_file();
}

}  // namespace weft
