#include "cli/common_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "base/directories.hpp"
#include "base/log_options.hpp"
#include "stream/tls_options.hpp"

namespace weft::cli {
namespace {

constexpr option long_options[] = {
    {"timeout", required_argument, nullptr, id_timeout},
    {"format", required_argument, nullptr, id_format},
    {"data", required_argument, nullptr, id_data},
    {"no-headings", no_argument, nullptr, id_no_headings},
    {"pretty", no_argument, nullptr, id_pretty},
    {"bare", no_argument, nullptr, id_bare},
    {"max-column-width", required_argument, nullptr, id_max_column_width},
    {"leader-only", no_argument, nullptr, id_ignored},
    {"no-leader-only", no_argument, nullptr, id_ignored},
    {"shuffle-remotes", no_argument, nullptr, id_ignored},
    {"no-shuffle-remotes", no_argument, nullptr, id_ignored},
    {"help", no_argument, nullptr, id_help},
    {"version", no_argument, nullptr, id_version},
};

template <class... Args>
std::unexpected<Error> usage(fmt::format_string<Args...> format, Args&&... args) {
  return fail("usage", fmt::format(format, std::forward<Args>(args)...));
}

Result<std::size_t> parse_width(std::string_view text) {
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error == std::errc() && end == text.data() + text.size()) return width;
  return usage("value {} on --max-column-width is invalid: a number of characters, 0 for no limit", text);
}

}  // namespace

std::span<const option> common_options() {
  static const auto options = join_options({long_options, log_options(), stream::tls_options()});
  return options;
}

Result<> apply_common_option(int id, const char* argument, CommonOptions& options) {
  switch (id) {
    case id_help:
      options.action = CommonOptions::show_help;
      break;
    case id_version:
      options.action = CommonOptions::show_version;
      break;
    case id_timeout:
      options.timeout_seconds = TRY(parse_timeout(argument, "-t or --timeout"));
      break;
    case id_format: {
      const auto format = parse_table_format(argument);
      if (!format) return usage("unknown output format \"{}\" (list, table, html, csv, json)", argument);
      options.style.format = *format;
      break;
    }
    case id_data: {
      const auto data = parse_data_style(argument);
      if (!data) return usage("unknown data format \"{}\" (string, bare, json)", argument);
      options.style.data = *data;
      break;
    }
    case id_no_headings:
      options.style.headings = false;
      break;
    case id_pretty:
      options.style.pretty = true;
      break;
    case id_max_column_width:
      options.style.max_column_width = TRY(parse_width(argument));
      break;
    case id_bare:
      options.style = {.data = DataStyle::bare,
                       .headings = false,
                       .pretty = options.style.pretty,
                       .max_column_width = options.style.max_column_width};
      break;
    default:  // Others are ignored, or a program's own.
      if (!TRY(stream::apply_tls_option(id, argument, options.tls))) TRY(apply_log_option(id, argument));
      break;
  }
  return {};
}

Result<unsigned> parse_timeout(std::string_view text, std::string_view where) {
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_valid = error == std::errc() && end == text.data() + text.size() && seconds > 0;
  if (!is_valid) return usage("value {} on {} is invalid: whole seconds, at least 1", text, where);
  return seconds;
}

Result<std::optional<unsigned>> timeout_from_environment() {
  const char* timeout = std::getenv("OVS_CTL_TIMEOUT");
  if (!timeout || !*timeout) return std::nullopt;
  return TRY(parse_timeout(timeout, "OVS_CTL_TIMEOUT"));
}

std::string default_remote() { return fmt::format("unix:{}/db.sock", run_directory()); }

Result<std::vector<std::string>> read_options(std::span<const std::string> arguments, std::span<const option> known,
                                              OptionsEnd end, const ApplyOption& apply) {
  return weft::read_options(arguments, known, common_short_options, end, apply);
}

}  // namespace weft::cli
