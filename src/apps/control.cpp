#include "apps/control.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "base/compatibility.hpp"
#include "base/directories.hpp"
#include "dbserver/commands.hpp"
#include "kernel/address_commands.hpp"
#include "kernel/look_commands.hpp"
#include "unixctl/target.hpp"

namespace weft {
namespace {

std::string version() {
  return fmt::format("ovs-vswitchd (Open vSwitch) {}\nWeft {}", compatible_ovs_version, WEFT_VERSION);
}

// proc(5): the second number is of resident pages.
std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

unixctl::MemoryUsage memory_of(const Control::Subjects& subjects) {
  const auto database = subjects.server.usage();
  const auto addresses = subjects.host.addresses();
  return {
      {"addresses", addresses ? addresses->size() : 0},
      {"atoms", database.atoms},
      {"bridges", subjects.host.ports().bridges_in_use().size()},
      {"cells", database.cells},
      {"file-bytes", subjects.file.size_bytes()},
      {"monitors", database.monitors},
      {"ports", subjects.host.ports().ports_in_use().size()},
      {"resident-bytes", resident_bytes()},
      {"rows", database.rows},
      {"sessions", database.sessions},
  };
}

}  // namespace

Control::Control(boost::asio::io_context& loop, const Subjects& subjects)
    : table_log_(subjects.server.service()),
      common_(loop, table_, version(), [subjects] { return memory_of(subjects); }),
      server_(loop, table_) {
  kernel::add_address_commands(table_, subjects.host);
  kernel::add_look_commands(table_, subjects.host);
  // Databases and remotes that were added by command last as long as the process, as those of ovsdb-server do.
  dbserver::add_commands(table_, {.service = subjects.server.service(),
                                  .databases = subjects.databases,
                                  .remotes = subjects.remotes,
                                  .table_log = table_log_,
                                  .changed = [] {}});
  table_.add({"weft/leases", "[BRIDGE]", 0, 1,
              [&services = subjects.services](unixctl::Arguments bridge) -> Result<std::string> {
                return services.describe_leases(bridge.empty() ? "" : bridge[0]);
              }});
  table_.add({"exit", "[--cleanup]", 0, 1, [exit = subjects.exit](unixctl::Arguments how) -> Result<std::string> {
                if (!how.empty() && how[0] != "--cleanup") {
                  return fail("usage", fmt::format("\"{}\" is no way to exit; there is only --cleanup", how[0]));
                }
                exit(!how.empty());
                return "";
              }});
}

Result<> Control::listen(const WeftdOptions& options) {
  const auto& wanted = options.daemon.unixctl;
  if (wanted == "none") return {};
  const auto socket_of = [&](std::string_view name) {
    return unixctl::default_socket(options.run_dir, name, ::getpid());
  };
  TRY(server_.listen(wanted ? absolute_path(resolve_in(options.run_dir, *wanted)) : socket_of("weftd")));
  for (const auto* name : stands_in_for) TRY(server_.listen(socket_of(name)));
  return {};
}

}  // namespace weft
