#include "base/log_settings.hpp"

#include <strings.h>
#include <syslog.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

#include "base/foreign_log_modules.hpp"
#include "base/log_core.hpp"
#include "base/log_pattern.hpp"

namespace weft {
namespace {

const LogModule log("vlog");

constexpr std::string_view separators = " ,:";
constexpr std::string_view destination_names[] = {"SYSLOG", "CONSOLE", "FILE"};  // In the order of LogDestination.

struct Facility {
  std::string_view name;
  int number;
};
constexpr Facility facilities[] = {
    {"auth", LOG_AUTH},     {"authpriv", LOG_AUTHPRIV}, {"cron", LOG_CRON},     {"daemon", LOG_DAEMON},
    {"ftp", LOG_FTP},       {"kern", LOG_KERN},         {"lpr", LOG_LPR},       {"mail", LOG_MAIL},
    {"news", LOG_NEWS},     {"syslog", LOG_SYSLOG},     {"user", LOG_USER},     {"uucp", LOG_UUCP},
    {"clock", 9 << 3},      {"ntp", 12 << 3},           {"audit", 13 << 3},     {"alert", 14 << 3},
    {"clock2", 15 << 3},    {"local0", LOG_LOCAL0},     {"local1", LOG_LOCAL1}, {"local2", LOG_LOCAL2},
    {"local3", LOG_LOCAL3}, {"local4", LOG_LOCAL4},     {"local5", LOG_LOCAL5}, {"local6", LOG_LOCAL6},
    {"local7", LOG_LOCAL7},
};

bool is_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() && ::strncasecmp(text.data(), word.data(), word.size()) == 0;
}

template <class... Args>
std::unexpected<Error> usage(fmt::format_string<Args...> format, Args&&... args) {
  return fail("usage", fmt::format(format, std::forward<Args>(args)...));
}

std::optional<LogDestination> find_destination(std::string_view word) {
  for (const auto destination : log_destinations) {
    if (is_word(word, destination_names[index_of(destination)])) return destination;
  }
  return std::nullopt;
}

std::optional<LogLevel> find_level(std::string_view word) {
  for (auto level = LogLevel::off; level <= LogLevel::debug;
       level = static_cast<LogLevel>(std::to_underlying(level) + 1)) {
    if (is_word(word, log_level_name(level))) return level;
  }
  return std::nullopt;
}

// One of Open vSwitch's that is not ours is there once it is asked for.
LogModule::State* find_module(std::string_view word) {
  auto& modules = LogCore::get().modules;
  const auto found = std::ranges::find_if(modules, [word](const auto& each) { return is_word(word, each.first); });
  if (found != modules.end()) return &found->second;
  std::string name(word);
  std::ranges::transform(name, name.begin(), [](unsigned char letter) { return std::tolower(letter); });
  return is_log_module_of_open_vswitch(name) ? &LogCore::get().module(name) : nullptr;
}

// The next word; `rest` then begins behind the one separator that ended it.
std::string_view take_word(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of(separators), rest.size()));
  const auto end = std::min(rest.find_first_of(separators), rest.size());
  const auto word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

Result<> apply_pattern(std::string_view rest) {
  const auto word = take_word(rest);
  if (word.empty()) return usage("missing destination");
  const auto chosen = find_destination(word);
  if (!chosen && !is_word(word, "any")) return usage("unknown destination \"{}\"", word);
  for (const auto destination : log_destinations) {
    if (!chosen || destination == *chosen) LogCore::get().patterns[index_of(destination)] = rest;
  }
  return {};
}

Result<> apply_facility(std::string_view rest) {
  const auto word = take_word(rest);
  const auto* found = std::ranges::find_if(facilities, [&](const Facility& each) { return is_word(word, each.name); });
  if (found == std::ranges::end(facilities)) return usage("invalid facility");
  LogCore::get().facility = found->number;
  return {};
}

}  // namespace

Result<> apply_log_spec(std::string_view spec) {
  auto rest = spec;
  auto word = take_word(rest);
  if (is_word(word, "pattern")) return apply_pattern(rest);
  if (is_word(word, "facility")) return apply_facility(rest);

  std::optional<LogDestination> destination;
  std::optional<LogLevel> level;
  LogModule::State* module = nullptr;
  for (; !word.empty(); word = take_word(rest)) {
    if (is_word(word, "any")) continue;
    if (const auto named_destination = find_destination(word)) {
      if (destination) return usage("cannot specify multiple destinations");
      destination = named_destination;
    } else if (const auto named_level = find_level(word)) {
      if (level) return usage("cannot specify multiple levels");
      level = named_level;
    } else if (auto* named_module = find_module(word)) {
      if (module) return usage("cannot specify multiple modules");
      module = named_module;
    } else {
      return usage("no destination, level, or module \"{}\"", word);
    }
  }
  for (auto& [name, each] : LogCore::get().modules) {
    if (module && &each != module) continue;
    for (const auto one : log_destinations) {
      if (!destination || one == *destination) each.levels[index_of(one)] = level.value_or(LogLevel::debug);
    }
  }
  return {};
}

Result<> set_syslog_method(std::string_view method) {
  LogCore::get().syslog = TRY(SyslogSender::from_method(method));
  return {};
}

Result<> set_default_syslog_method() {
  const char* method = std::getenv("OVS_SYSLOG_METHOD");
  return set_syslog_method(method && *method ? method : "libc");
}

void set_syslog_target(std::string_view target) {
  auto sender = SyslogSender::to_host(target);
  if (!sender) return;
  LogCore::get().syslog_target = std::move(sender);
  log.warning("--syslog-target flag is deprecated, use --syslog-method instead");
}

Result<> set_log_limits(std::string_view module, bool have_limits) {
  auto* chosen = module.empty() ? nullptr : find_module(module);
  if (!module.empty() && !chosen) return usage("unknown module");
  for (auto& [name, each] : LogCore::get().modules) {
    if (!chosen || &each == chosen) each.has_limits = have_limits;
  }
  return {};
}

std::string describe_log_levels() {
  std::string table =
      "                 console    syslog    file\n"
      "                 -------    ------    ------\n";
  for (const auto& [name, module] : LogCore::get().modules) {
    const auto level = [&](LogDestination destination) { return log_level_name(module.levels[index_of(destination)]); };
    table += fmt::format("{:<16}  {:>4}       {:>4}       {:>4}\n", name, level(LogDestination::console),
                         level(LogDestination::syslog), level(LogDestination::file));
  }
  return table;
}

std::string describe_log_patterns() {
  std::string table =
      "         prefix                            format\n"
      "         ------                            ------\n";
  const auto& core = LogCore::get();
  for (const auto destination : log_destinations) {
    const std::string_view prefix = destination != LogDestination::syslog ? "none"
                                    : core.syslog                         ? core.syslog->prefix()
                                                                          : "";
    table += fmt::format("{:<9}{:<34}{}\n", destination_names[index_of(destination)], prefix,
                         core.patterns[index_of(destination)]);
  }
  return table;
}

}  // namespace weft
