#include "base/log_pattern.hpp"

#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

namespace weft {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t max_time_length = 512;

struct Level {
  std::string_view name;
  int severity;
};
constexpr Level levels[] = {{"OFF", LOG_ALERT},    {"EMER", LOG_ALERT},  {"ERR", LOG_ERR},
                            {"WARN", LOG_WARNING}, {"INFO", LOG_NOTICE}, {"DBG", LOG_DEBUG}};

const Level& describe(LogLevel level) { return levels[static_cast<std::size_t>(level)]; }

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

// strftime(3), where in addition each # is a digit of the part of a second.
std::string format_time(std::string pattern, std::chrono::system_clock::time_point time, bool is_local) {
  const auto since_epoch = duration_cast<microseconds>(time.time_since_epoch()).count();
  auto digits = fmt::format("{:06}", since_epoch % 1'000'000).append(pattern.size(), '0');
  std::size_t used = 0;
  for (auto& character : pattern) {
    if (character == '#') character = digits[used++];
  }
  const std::time_t seconds = since_epoch / 1'000'000;
  std::tm parts{};
  is_local ? ::localtime_r(&seconds, &parts) : ::gmtime_r(&seconds, &parts);
  std::array<char, max_time_length> text{};
  return {text.data(), ::strftime(text.data(), text.size(), pattern.c_str(), &parts)};
}

// A conversion's parts: %-010c
struct Field {
  bool is_left = false;
  char padding = ' ';
  std::size_t width = 0;

  void append(std::string& line, std::string_view text) const {
    const auto missing = width > text.size() ? width - text.size() : 0;
    if (!is_left) line.append(missing, padding);
    line += text;
    if (is_left) line.append(missing, padding);
  }
};

Field take_field(std::string_view& rest) {
  Field field;
  if (rest.starts_with('-')) {
    field.is_left = true;
    rest.remove_prefix(1);
  }
  if (rest.starts_with('0')) {
    field.padding = '0';
    rest.remove_prefix(1);
  }
  while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') {
    field.width = std::min(max_log_field_width, field.width * 10 + static_cast<std::size_t>(rest[0] - '0'));
    rest.remove_prefix(1);
  }
  return field;
}

// The {...} behind %d and %D.
std::string take_time_pattern(std::string_view& rest) {
  if (!rest.starts_with('{')) return "%Y-%m-%d %H:%M:%S.###";
  const auto end = std::min(rest.find('}'), rest.size());
  const std::string pattern(rest.substr(1, end - 1));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return pattern;
}

std::string expand(char letter, std::string_view& rest, const LogRecord& record) {
  switch (letter) {
    case 'A':
      return program_invocation_short_name;
    case 'B':
      return fmt::to_string(record.facility | syslog_severity(record.level));
    case 'c':
      return std::string(record.module);
    case 'd':
    case 'D':
      return format_time(take_time_pattern(rest), record.time, letter == 'd');
    case 'E':
      return host_name();
    case 'm':
      return std::string(record.message);
    case 'N':
      return fmt::to_string(record.number);
    case 'n':
      return "\n";
    case 'p':
      return std::string(log_level_name(record.level));
    case 'P':
      return fmt::to_string(::getpid());
    case 'r':
      return fmt::to_string(duration_cast<milliseconds>(record.since_start).count());
    case 't':
      return "main";  // There is one thread.
    case 'T':
      return record.subprogram.empty() ? "" : fmt::format("({})", record.subprogram);
    default:
      return std::string(1, letter);
  }
}

}  // namespace

std::string format_log_line(std::string_view pattern, const LogRecord& record) {
  std::string line;
  while (!pattern.empty()) {
    const auto percent = std::min(pattern.find('%'), pattern.size());
    line += pattern.substr(0, percent);
    pattern.remove_prefix(std::min(percent + 1, pattern.size()));
    const auto field = take_field(pattern);
    if (pattern.empty()) break;
    const char letter = pattern[0];
    pattern.remove_prefix(1);
    field.append(line, expand(letter, pattern, record));
  }
  return line;
}

std::string_view default_log_pattern(LogDestination destination) {
  switch (destination) {
    case LogDestination::syslog:
      return "ovs|%05N|%c%T|%p|%m";
    case LogDestination::console:
      return "%D{%Y-%m-%dT%H:%M:%SZ}|%05N|%c%T|%p|%m";
    case LogDestination::file:
      break;
  }
  return "%D{%Y-%m-%dT%H:%M:%S.###Z}|%05N|%c%T|%p|%m";
}

std::string_view log_level_name(LogLevel level) { return describe(level).name; }
int syslog_severity(LogLevel level) { return describe(level).severity; }

}  // namespace weft
