#include "vsctl/options.hpp"

#include <fmt/format.h>
#include <getopt.h>

#include <charconv>
#include <cstdlib>

#include "vsctl/command_table.hpp"

namespace weft::vsctl {
namespace {

// What getopt_long returns for an option without a letter; command options come behind the last one.
enum Id {
  id_help = 'h',
  id_version = 'V',
  id_timeout = 't',
  id_format = 'f',
  id_data = 'd',
  id_db = 256,
  id_no_wait,
  id_dry_run,
  id_oneline,
  id_retry,
  id_no_headings,
  id_pretty,
  id_bare,
  id_ignored,  // Known, and without a meaning here.
  id_first_command_option,
};

// What Open vSwitch's programs take for logging and for SSL is accepted, so that callers need not be changed.
constexpr option global_options[] = {
    {"db", required_argument, nullptr, id_db},
    {"no-wait", no_argument, nullptr, id_no_wait},
    {"dry-run", no_argument, nullptr, id_dry_run},
    {"oneline", no_argument, nullptr, id_oneline},
    {"timeout", required_argument, nullptr, id_timeout},
    {"retry", no_argument, nullptr, id_retry},
    {"format", required_argument, nullptr, id_format},
    {"data", required_argument, nullptr, id_data},
    {"no-headings", no_argument, nullptr, id_no_headings},
    {"pretty", no_argument, nullptr, id_pretty},
    {"bare", no_argument, nullptr, id_bare},
    {"max-column-width", required_argument, nullptr, id_ignored},
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
constexpr char short_options[] = "+:hVt:f:d:v::p:c:C:";  // "+": stop at the first command.

template <class... Args>
std::unexpected<Error> usage(fmt::format_string<Args...> format, Args&&... args) {
  return fail("usage", fmt::format(format, std::forward<Args>(args)...));
}

struct KnownOptions {
  std::vector<std::string> command_option_names;  // Without dashes; kept alive for `options`.
  std::vector<option> options;
};

KnownOptions known_options() {
  KnownOptions known;
  for (const auto& command : all_commands()) {
    for (const auto name : options_of(command)) {
      if (const std::string plain(name.substr(2));
          std::ranges::find(known.command_option_names, plain) == known.command_option_names.end()) {
        known.command_option_names.push_back(plain);
      }
    }
  }
  known.options.assign(std::begin(global_options), std::end(global_options));
  int id = id_first_command_option;
  for (auto& name : known.command_option_names) {
    const bool takes_argument = name.ends_with('=');
    if (takes_argument) name.pop_back();
    known.options.push_back({name.c_str(), takes_argument ? required_argument : no_argument, nullptr, id++});
  }
  known.options.push_back({});
  return known;
}

// Why getopt_long refused `argument`, in words.
std::unexpected<Error> refused(const KnownOptions& known, std::string_view argument, bool lacks_argument) {
  if (lacks_argument) return usage("option '{}' requires an argument", argument);
  if (!argument.starts_with("--")) return usage("invalid option -- '{}'", static_cast<char>(optopt));
  const auto equals = argument.find('=');
  const auto name = argument.substr(2, equals == std::string_view::npos ? equals : equals - 2);
  std::string possibilities;
  std::size_t count = 0;
  bool is_whole_name = false;
  for (const auto& each : known.options) {
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

std::string default_remote() {
  const char* run_dir = std::getenv("OVS_RUNDIR");
  return fmt::format("unix:{}/db.sock", run_dir && *run_dir ? run_dir : "/var/run/openvswitch");
}

Result<> apply(int id, const char* argument, Options& options) {
  switch (id) {
    case id_help:
      options.action = Options::show_help;
      break;
    case id_version:
      options.action = Options::show_version;
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
    case id_db:
      options.remote = argument;
      break;
    case id_no_wait:
      options.wait_for_switch = false;
      break;
    case id_dry_run:
      options.dry_run = true;
      break;
    case id_oneline:
      options.oneline = true;
      break;
    case id_retry:
      options.retry = true;
      break;
    case id_no_headings:
      options.style.headings = false;
      break;
    case id_pretty:
      options.style.pretty = true;
      break;
    case id_bare:
      options.style = {.data = DataStyle::bare, .headings = false, .pretty = options.style.pretty};
      break;
    default:
      break;  // id_ignored, and the letters v, p, c, C.
  }
  return {};
}

}  // namespace

Result<OptionsAndRest> parse_options(std::span<const std::string> arguments) {
  const auto known = known_options();
  std::vector<std::string> copies{"ovs-vsctl"};
  copies.insert(copies.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& copy : copies) argv.push_back(copy.data());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(copies.size());

  OptionsAndRest result;
  result.options.remote = default_remote();
  if (const char* timeout = std::getenv("OVS_CTL_TIMEOUT"); timeout && *timeout) {
    result.options.timeout_seconds = TRY(parse_timeout(timeout, "OVS_CTL_TIMEOUT"));
  }
  opterr = 0;
  optind = 0;  // glibc: begin anew.
  while (true) {
    const int before = std::max(optind, 1);
    const int id = getopt_long(argc, argv.data(), short_options, known.options.data(), nullptr);
    if (id == -1) break;
    if (id == '?' || id == ':') return refused(known, argv[before], id == ':');
    if (id >= id_first_command_option) {
      const auto& name = known.command_option_names[static_cast<std::size_t>(id - id_first_command_option)];
      result.first_command_options.push_back({"--" + name, optarg ? std::optional<std::string>(optarg) : std::nullopt});
      continue;
    }
    TRY(apply(id, optarg, result.options));
  }
  result.rest.assign(argv.data() + optind, argv.data() + argc);
  return result;
}

}  // namespace weft::vsctl
