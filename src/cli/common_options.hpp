// The options that ovs-vsctl(8) and ovsdb-client(1) have in common.
#pragma once

#include <getopt.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/program_options.hpp"
#include "cli/table_output.hpp"
#include "stream/tls_options.hpp"

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

// Their long names, those about TLS included, and those about the log, which take effect at once.
std::span<const option> common_options();
inline constexpr char common_short_options[] = "hVt:f:d:v::p:c:C:";

struct CommonOptions {
  std::optional<unsigned> timeout_seconds;
  TableStyle style;
  stream::TlsSettings tls;
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
)";

inline constexpr std::string_view last_options_help =
    R"(  -h, --help          this text
  -V, --version       the version
)";

// Does nothing for an id that is not among CommonOption. Errors: "usage".
Result<> apply_common_option(int id, const char* argument, CommonOptions& options);

// Seconds, at least 1. `where` it was given, for the error: "usage".
Result<unsigned> parse_timeout(std::string_view text, std::string_view where);
// OVS_CTL_TIMEOUT. Errors: "usage".
Result<std::optional<unsigned>> timeout_from_environment();

// unix: and db.sock in OVS_RUNDIR, or in Open vSwitch's own directory.
std::string default_remote();

// As weft::read_options(), with the common letters.
Result<std::vector<std::string>> read_options(std::span<const std::string> arguments, std::span<const option> known,
                                              OptionsEnd end, const ApplyOption& apply);

}  // namespace weft::cli
