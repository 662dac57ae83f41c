#include "dbserver/remotes.hpp"

#include <fmt/format.h>

#include "base/directories.hpp"
#include "base/log.hpp"
#include "dbserver/database_place.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("ovsdb_jsonrpc_server");
constexpr std::string_view passive_unix = "punix:";

// In the run directory, as long as no daemon has changed its working directory.
std::string socket_path(const std::string& remote) {
  return absolute_path(resolve_in(run_directory(), std::string_view(remote).substr(passive_unix.size())));
}

}  // namespace

Result<> Remotes::add(const std::string& remote) {
  if (remote.starts_with(place_prefix)) TRY(DatabasePlace::find(server_.service(), remote));
  if (!remotes_.insert(remote).second) return {};
  if (!remote.starts_with(passive_unix)) return {};
  if (const auto listening = server_.listen_unix(socket_path(remote)); !listening)
    log.error("{}: listen failed: {}", remote, listening.error().details);
  return {};
}

Result<> Remotes::remove(const std::string& remote) {
  if (remotes_.erase(remote) == 0) return fail("not found", "no such remote");
  if (remote.starts_with(passive_unix)) server_.stop_listening(socket_path(remote));
  return {};
}

}  // namespace weft::dbserver
