#include "dbserver/remotes.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "dbserver/database_place.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("ovsdb_jsonrpc_server");
}  // namespace

Result<> Remotes::add(const std::string& remote) {
  if (remote.starts_with(place_prefix)) TRY(DatabasePlace::find(server_.service(), remote));
  if (!remotes_.insert(remote).second) return {};
  if (remote.starts_with(place_prefix)) return {};
  if (const auto added = server_.add_remote({.target = remote}); !added)
    log.error("{}: listen failed: {}", remote, added.error().details);
  return {};
}

Result<> Remotes::remove(const std::string& remote) {
  if (remotes_.erase(remote) == 0) return fail("not found", "no such remote");
  server_.remove_remote(remote);
  return {};
}

}  // namespace weft::dbserver
