#include "dbtool/options.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/log_options.hpp"
#include "base/program_options.hpp"
#include "ovsdb/cluster_file.hpp"

namespace weft::dbtool {
namespace {

enum Id {
  id_more = 'm',
  id_help = 'h',
  id_option = 'o',
  id_version = 'V',
  id_rbac_role = 256,
  id_cid,
  id_election_timer,
};

constexpr option own_options[] = {
    {"more", no_argument, nullptr, id_more},
    {"rbac-role", required_argument, nullptr, id_rbac_role},
    {"cid", required_argument, nullptr, id_cid},
    {"election-timer", required_argument, nullptr, id_election_timer},
};
constexpr option last_options[] = {
    {"help", no_argument, nullptr, id_help},
    {"option", no_argument, nullptr, id_option},
    {"version", no_argument, nullptr, id_version},
};
constexpr std::string_view short_options = "mhoVv::";

constexpr int first_long_only_id = 256;  // Below: the option's letter.

Result<std::uint64_t> parse_election_timer(std::string_view text) {
  std::uint64_t ms = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), ms);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (!is_number || ms < ovsdb::min_election_timer_ms || ms > ovsdb::max_election_timer_ms)
    return fail("usage", fmt::format("ovsdb error: election timer must be between {} and {}, in msec.",
                                     ovsdb::min_election_timer_ms, ovsdb::max_election_timer_ms));
  return ms;
}

Result<> apply(int id, const char* argument, Options& options) {
  TRY(apply_log_option(id, argument));
  if (id == id_more) ++options.more;
  if (id == id_rbac_role) options.rbac_role = argument;
  if (id == id_cid) options.cluster_id = argument;
  if (id == id_election_timer) options.election_timer_ms = TRY(parse_election_timer(argument));
  if (options.action != Options::run_command) return {};  // The first counts.
  if (id == id_help) options.action = Options::show_help;
  if (id == id_option) options.action = Options::show_options;
  if (id == id_version) options.action = Options::show_version;
  return {};
}

}  // namespace

std::string options_text() {
  std::string text;
  for (const auto& option : join_options({own_options, log_options(), last_options})) {
    const std::string_view argument = option.has_arg == no_argument ? "" : "=ARG";
    text += fmt::format("--{}{}\n", option.name, option.has_arg == optional_argument ? "=[ARG]" : argument);
    if (option.val < first_long_only_id)
      text += fmt::format("-{} {}\n", static_cast<char>(option.val), option.has_arg == no_argument ? "" : "[ARG]");
  }
  return text;
}

Result<OptionsAndRest> parse_options(std::span<const std::string> arguments) {
  OptionsAndRest result;
  const auto known = join_options({own_options, log_options(), last_options});
  const auto apply_one = [&](int id, const char* argument) { return apply(id, argument, result.options); };
  result.rest = TRY(read_options(arguments, known, short_options, OptionsEnd::last_argument, apply_one));
  return result;
}

}  // namespace weft::dbtool
