#include "dbclient/options.hpp"

#include "base/directories.hpp"
#include "daemon/replay_options.hpp"

namespace weft::dbclient {
namespace {

enum Id { id_timestamp = cli::id_first_own_option, id_force, id_db_change_aware, id_no_db_change_aware };

constexpr option own_options[] = {
    {"timestamp", no_argument, nullptr, id_timestamp},
    {"force", no_argument, nullptr, id_force},
    {"db-change-aware", no_argument, nullptr, id_db_change_aware},
    {"no-db-change-aware", no_argument, nullptr, id_no_db_change_aware},
};

}  // namespace

Result<OptionsAndRest> parse_options(std::span<const std::string> arguments) {
  const auto known =
      join_options({own_options, daemon::daemon_options(), daemon::replay_options(), cli::common_options()});
  OptionsAndRest result;
  auto& options = result.options;
  options.style.format = cli::TableFormat::table;
  options.timeout_seconds = TRY(cli::timeout_from_environment());
  const auto take = [&](int id, const char* argument) -> Result<> {
    options.timestamp |= id == id_timestamp;
    options.force |= id == id_force;
    if (id == id_db_change_aware || id == id_no_db_change_aware) options.db_change_aware = id == id_db_change_aware;
    TRY(daemon::refuse_replay_option(id));
    daemon::apply_daemon_option(id, argument, run_directory(), options.daemon);
    return cli::apply_common_option(id, argument, options);
  };
  result.rest = TRY(cli::read_options(arguments, known, OptionsEnd::last_argument, take));
  return result;
}

}  // namespace weft::dbclient
