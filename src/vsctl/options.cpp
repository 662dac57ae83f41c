#include "vsctl/options.hpp"

#include "base/log_settings.hpp"
#include "vsctl/command_table.hpp"

namespace weft::vsctl {
namespace {

enum Id {
  id_db = cli::id_first_own_option,
  id_no_wait,
  id_dry_run,
  id_oneline,
  id_retry,
  id_commands,
  id_options,
  id_no_syslog,
  id_first_command_option = 5000,  // Command options come behind all others.
};

constexpr option own_options[] = {
    {"db", required_argument, nullptr, id_db},     {"no-wait", no_argument, nullptr, id_no_wait},
    {"dry-run", no_argument, nullptr, id_dry_run}, {"oneline", no_argument, nullptr, id_oneline},
    {"retry", no_argument, nullptr, id_retry},     {"commands", no_argument, nullptr, id_commands},
    {"options", no_argument, nullptr, id_options}, {"no-syslog", no_argument, nullptr, id_no_syslog},
};

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
  known.options = global_options();
  int id = id_first_command_option;
  for (auto& name : known.command_option_names) {
    const bool takes_argument = name.ends_with('=');
    if (takes_argument) name.pop_back();
    known.options.push_back({name.c_str(), takes_argument ? required_argument : no_argument, nullptr, id++});
  }
  return known;
}

Result<> apply(int id, const char* argument, Options& options) {
  switch (id) {
    case id_db:
      options.remote = argument;
      return {};
    case id_no_wait:
      options.wait_for_switch = false;
      return {};
    case id_dry_run:
      options.dry_run = true;
      return {};
    case id_oneline:
      options.oneline = true;
      return {};
    case id_retry:
      options.retry = true;
      return {};
    case id_commands:
      options.listing = Options::Listing::commands;
      return {};
    case id_options:
      options.listing = Options::Listing::options;
      return {};
    case id_no_syslog:
      return apply_log_spec("vsctl:syslog:warn");
    default:
      return apply_common_option(id, argument, options);
  }
}

}  // namespace

std::vector<option> global_options() { return join_options({own_options, common_options()}); }

Result<OptionsAndRest> parse_options(std::span<const std::string> arguments) {
  const auto known = known_options();
  OptionsAndRest result;
  result.options.remote = default_remote();
  result.options.timeout_seconds = TRY(timeout_from_environment());
  result.rest = TRY(
      read_options(arguments, known.options, OptionsEnd::first_argument, [&](int id, const char* argument) -> Result<> {
        if (id < id_first_command_option) return apply(id, argument, result.options);
        const auto& name = known.command_option_names[static_cast<std::size_t>(id - id_first_command_option)];
        result.first_command_options.push_back(
            {"--" + name, argument ? std::optional<std::string>(argument) : std::nullopt});
        return {};
      }));
  return result;
}

}  // namespace weft::vsctl
