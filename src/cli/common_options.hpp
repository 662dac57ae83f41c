// The options that ovs-vsctl(8) and ovsdb-client(1) have in common, and how both read theirs, by getopt_long(3).
#pragma once

#include <getopt.h>

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cli/table_output.hpp"

namespace weft::cli {

// What getopt_long returns for an option; a program's own come behind the last one.
enum CommonOption {
  id_help = 'h',
  id_version = 'V',
  id_timeout = 't',
  id_format = 'f',
  id_data = 'd',
  id_no_headings = 256,
  id_pretty,
  id_bare,
  id_max_column_width,
  id_ignored,  // Known, and without a meaning here.
  id_first_own_option,
};

// Their long names. Those for logging and for SSL are accepted and ignored, so that callers need not be changed.
std::span<const option> common_options();
inline constexpr char common_short_options[] = "hVt:f:d:v::p:c:C:";

struct CommonOptions {
  std::optional<unsigned> timeout_seconds;
  TableStyle style;
  enum Action { run_commands, show_help, show_version } action = run_commands;
};

// The lines of --help for those that mean the same in every program. --format, whose default differs, and --timeout are
// the program's to tell.
inline constexpr std::string_view common_options_help =
    R"(  -d, --data=FORMAT   string (default), bare or json
  --no-headings       leave out the headings of tables
  --pretty            JSON on many lines
  --max-column-width=N
                      cut the columns of --format=table to N characters
  --bare              the same as --format=list --data=bare --no-headings
  -h, --help          this text
  -V, --version       the version
)";

// Does nothing for an id that is not among CommonOption. Errors: "usage".
Result<> apply_common_option(int id, const char* argument, CommonOptions& options);

// OVS_CTL_TIMEOUT. Errors: "usage".
Result<std::optional<unsigned>> timeout_from_environment();

// unix: and db.sock in OVS_RUNDIR, or in Open vSwitch's own directory.
std::string default_remote();

enum class OptionsEnd { first_argument, last_argument };

// Calls `apply` with the id and argument of each option, up to the `end` or "--". The result: the arguments that are
// no options. `known` includes the common ones. Long options may be abbreviated as long as they are unique. For one
// thread. Errors: "usage", and those of `apply`.
Result<std::vector<std::string>> read_options(std::span<const std::string> arguments, std::span<const option> known,
                                              OptionsEnd end,
                                              const std::function<Result<>(int id, const char* argument)>& apply);

}  // namespace weft::cli
