#include "dbclient/help.hpp"

#include <fmt/format.h>

#include "base/compatibility.hpp"
#include "base/log_options.hpp"
#include "cli/common_options.hpp"
#include "dbclient/command.hpp"

namespace weft::dbclient {
namespace {

constexpr std::string_view usage = R"(ovsdb-client: ask and change databases that speak OVSDB (RFC 7047)
usage: ovsdb-client [OPTION]... COMMAND [ARGUMENT]...

Commands
)";

constexpr std::string_view options = R"(
SERVER is unix:FILE or tcp:HOST:PORT, or several of them with commas between, of
which the first that answers is asked (default: unix:/var/run/openvswitch/db.sock,
or db.sock in the directory OVS_RUNDIR). DATABASE is Open_vSwitch where there is
one of this name, or the only one. A COLUMN of the monitors may be !initial,
!insert, !delete or !modify: what of its columns is not to be told.

Options
  -t, --timeout=SECS  end by SIGALRM after SECS seconds
                      (default: OVS_CTL_TIMEOUT, or never)
  --force             restore although the schemas differ
  --no-db-change-aware
                      a monitor's connection ends when the database goes or is
                      converted, instead of saying so (--db-change-aware)
  --timestamp         the time above each table of a monitor
  -f, --format=FORMAT table (default), list, html, csv or json
)";

constexpr std::string_view daemon_intro = R"(
For the commands that go on until they are ended (monitor... and lock, steal,
unlock; ovs-appctl -t ovsdb-client list-commands tells how to steer them)
)";

}  // namespace

std::string help_text() {
  std::string text(usage);
  for (const auto& command : all_commands())
    text += fmt::format("  {} {}\n      {}\n", command.name, command.arguments, command.summary);
  return text.append(options)
      .append(cli::common_options_help)
      .append(daemon_intro)
      .append(daemon::daemon_options_help)
      .append(stream::tls_options_help)
      .append(log_options_help)
      .append(cli::last_options_help);
}

std::string version_text() {
  return fmt::format("ovsdb-client (Open vSwitch) {}\nWeft {}\n", compatible_ovs_version, WEFT_VERSION);
}

}  // namespace weft::dbclient
