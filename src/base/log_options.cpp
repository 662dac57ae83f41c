#include "base/log_options.hpp"

#include <fmt/format.h>

#include <cerrno>

#include "base/directories.hpp"
#include "base/log.hpp"
#include "base/log_settings.hpp"

namespace weft {
namespace {

constexpr option long_options[] = {
    {"verbose", optional_argument, nullptr, id_verbose},
    {"log-file", optional_argument, nullptr, id_log_file},
    {"syslog-method", required_argument, nullptr, id_syslog_method},
    {"syslog-target", required_argument, nullptr, id_syslog_target},
};

Result<> apply_spec(std::string_view spec) {
  const auto applied = apply_log_spec(spec);
  if (!applied) return fail("usage", fmt::format("processing \"{}\": {}", spec, applied.error().details));
  return {};
}

}  // namespace

std::span<const option> log_options() { return long_options; }

Result<bool> apply_log_option(int id, const char* argument) {
  switch (id) {
    case id_verbose:
      TRY(apply_spec(argument ? argument : ""));
      return true;
    case id_log_file:
      TRY(open_log_file(argument ? absolute_path(argument)
                                 : fmt::format("{}/{}.log", log_directory(), program_invocation_short_name)));
      return true;
    case id_syslog_method:
      TRY(set_syslog_method(argument));
      return true;
    case id_syslog_target:
      set_syslog_target(argument);
      return true;
    default:
      return false;
  }
}

Result<> start_log(LogLevel console) {
  set_console_level(console);
  return set_default_syslog_method();
}

}  // namespace weft
