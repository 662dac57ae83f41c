#include "cli/common_options.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

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
    {"no-syslog", no_argument, nullptr, id_ignored},
    {"verbose", optional_argument, nullptr, id_ignored},
    {"log-file", optional_argument, nullptr, id_ignored},
    {"syslog-method", required_argument, nullptr, id_ignored},
    {"syslog-target", required_argument, nullptr, id_ignored},
    {"private-key", required_argument, nullptr, id_ignored},
    {"certificate", required_argument, nullptr, id_ignored},
    {"ca-cert", required_argument, nullptr, id_ignored},
    {"bootstrap-ca-cert", required_argument, nullptr, id_ignored},
    {"peer-ca-cert", required_argument, nullptr, id_ignored},
    {"ssl-protocols", required_argument, nullptr, id_ignored},
    {"ssl-ciphers", required_argument, nullptr, id_ignored},
    {"leader-only", no_argument, nullptr, id_ignored},
    {"no-leader-only", no_argument, nullptr, id_ignored},
    {"shuffle-remotes", no_argument, nullptr, id_ignored},
    {"no-shuffle-remotes", no_argument, nullptr, id_ignored},
    {"help", no_argument, nullptr, id_help},
    {"version", no_argument, nullptr, id_version},
};

// What getopt_long returns, asked with "-", for an argument that is no option.
constexpr int id_no_option = 1;

template <class... Args>
std::unexpected<Error> usage(fmt::format_string<Args...> format, Args&&... args) {
  return fail("usage", fmt::format(format, std::forward<Args>(args)...));
}

// Why getopt_long refused `argument`, in words.
std::unexpected<Error> refused(std::span<const option> known, std::string_view argument, bool lacks_argument) {
  if (lacks_argument) return usage("option '{}' requires an argument", argument);
  if (!argument.starts_with("--")) return usage("invalid option -- '{}'", static_cast<char>(optopt));
  const auto equals = argument.find('=');
  const auto name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
  std::string possibilities;
  std::size_t count = 0;
  bool is_whole_name = false;
  for (const auto& each : known) {
    if (!each.name || !std::string_view(each.name).starts_with(name)) continue;
    possibilities += fmt::format(" '--{}'", each.name);
    is_whole_name = is_whole_name || each.name == name;
    ++count;
  }
  if (count == 0) return usage("unrecognized option '{}'", argument);
  if (count > 1 && !is_whole_name) return usage("option '{}' is ambiguous; possibilities:{}", argument, possibilities);
  return usage("option '--{}' doesn't allow an argument", name);
}

Result<unsigned> parse_timeout(std::string_view text, std::string_view where) {
  unsigned seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool is_valid = error == std::errc() && end == text.data() + text.size() && seconds > 0;
  if (!is_valid) return usage("value {} on {} is invalid: whole seconds, at least 1", text, where);
  return seconds;
}

Result<std::size_t> parse_width(std::string_view text) {
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
  if (error == std::errc() && end == text.data() + text.size()) return width;
  return usage("value {} on --max-column-width is invalid: a number of characters, 0 for no limit", text);
}

}  // namespace

std::span<const option> common_options() { return long_options; }

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
    default:
      break;  // id_ignored, the letters v, p, c, C, and a program's own.
  }
  return {};
}

Result<std::optional<unsigned>> timeout_from_environment() {
  const char* timeout = std::getenv("OVS_CTL_TIMEOUT");
  if (!timeout || !*timeout) return std::nullopt;
  return TRY(parse_timeout(timeout, "OVS_CTL_TIMEOUT"));
}

std::string default_remote() {
  const char* run_dir = std::getenv("OVS_RUNDIR");
  return fmt::format("unix:{}/db.sock", run_dir && *run_dir ? run_dir : "/var/run/openvswitch");
}

Result<std::vector<std::string>> read_options(std::span<const std::string> arguments, std::span<const option> known,
                                              OptionsEnd end,
                                              const std::function<Result<>(int id, const char* argument)>& apply) {
  std::vector<std::string> copies{""};  // The program's name, which only getopt's own messages would tell.
  copies.insert(copies.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& copy : copies) argv.push_back(copy.data());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(copies.size());
  std::vector<option> ended(known.begin(), known.end());
  ended.push_back({});
  const auto short_options = (end == OptionsEnd::first_argument ? "+:" : "-:") + std::string(common_short_options);

  std::vector<std::string> rest;
  opterr = 0;
  optind = 0;  // glibc: begin anew.
  while (true) {
    const int before = std::max(optind, 1);
    const int id = getopt_long(argc, argv.data(), short_options.c_str(), ended.data(), nullptr);
    if (id == -1) break;
    if (id == '?' || id == ':') return refused(known, argv[before], id == ':');
    if (id == id_no_option) {
      rest.emplace_back(optarg);
    } else {
      TRY(apply(id, optarg));
    }
  }
  rest.insert(rest.end(), argv.data() + optind, argv.data() + argc);
  return rest;
}

}  // namespace weft::cli
