#include "dbclient/options.hpp"

namespace weft::dbclient {
namespace {

enum Id { id_timestamp = cli::id_first_own_option, id_force };

constexpr option own_options[] = {
    {"timestamp", no_argument, nullptr, id_timestamp},
    {"force", no_argument, nullptr, id_force},
};

}  // namespace

Result<OptionsAndRest> parse_options(std::span<const std::string> arguments) {
  const auto known = join_options({own_options, cli::common_options()});
  OptionsAndRest result;
  auto& options = result.options;
  options.style.format = cli::TableFormat::table;
  options.timeout_seconds = TRY(cli::timeout_from_environment());
  result.rest = TRY(cli::read_options(arguments, known, OptionsEnd::last_argument, [&](int id, const char* argument) {
    options.timestamp |= id == id_timestamp;
    options.force |= id == id_force;
    return cli::apply_common_option(id, argument, options);
  }));
  return result;
}

}  // namespace weft::dbclient
