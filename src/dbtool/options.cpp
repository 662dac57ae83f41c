#include "dbtool/options.hpp"

#include <getopt.h>

namespace weft::dbtool {
namespace {

enum Id {
  id_more = 'm',
  id_help = 'h',
  id_version = 'V',
  id_rbac_role = 256,
  id_ignored,  // Known, and without a meaning here: logging, and what belongs to clusters.
};

constexpr option long_options[] = {
    {"more", no_argument, nullptr, id_more},
    {"rbac-role", required_argument, nullptr, id_rbac_role},
    {"cid", required_argument, nullptr, id_ignored},
    {"election-timer", required_argument, nullptr, id_ignored},
    {"verbose", optional_argument, nullptr, id_ignored},
    {"log-file", optional_argument, nullptr, id_ignored},
    {"syslog-method", required_argument, nullptr, id_ignored},
    {"syslog-target", required_argument, nullptr, id_ignored},
    {"help", no_argument, nullptr, id_help},
    {"version", no_argument, nullptr, id_version},
    {},
};
constexpr char short_options[] = "mhVv::";

}  // namespace

std::optional<OptionsAndRest> parse_options(std::span<const std::string> arguments) {
  std::vector<std::string> copies{"ovsdb-tool"};
  copies.insert(copies.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& copy : copies) argv.push_back(copy.data());
  argv.push_back(nullptr);
  const int argc = static_cast<int>(copies.size());

  OptionsAndRest result;
  auto& options = result.options;
  opterr = 1;
  optind = 0;  // glibc: begin anew.
  for (int id = 0; (id = getopt_long(argc, argv.data(), short_options, long_options, nullptr)) != -1;) {
    if (id == '?') return std::nullopt;
    if (id == id_more) ++options.more;
    if (id == id_rbac_role) options.rbac_role = optarg;
    if (options.action != Options::run_command) continue;  // The first of the two counts.
    if (id == id_help) options.action = Options::show_help;
    if (id == id_version) options.action = Options::show_version;
  }
  result.rest.assign(argv.data() + optind, argv.data() + argc);
  return result;
}

}  // namespace weft::dbtool
