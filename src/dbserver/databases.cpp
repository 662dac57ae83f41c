#include "dbserver/databases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "ovsdb/whole_file.hpp"

namespace weft::dbserver {
namespace {

const LogModule log("ovsdb_server");

}  // namespace

Databases::~Databases() {
  for (const auto& [name, file] : files_) server_.remove_database(name);
}

Result<> Databases::open_relay(const std::string& text) {
  const auto place = TRY(RelayPlace::parse(text));
  if (server_.has_database(place.database)) return fail("ovsdb error", place.database + ": duplicate database name");
  relays_.emplace(place.database, OpenRelay{text, TRY(Relay::start(loop_, server_, place))});
  return {};
}

Result<> Databases::open(const std::string& path) {
  if (path.starts_with(relay_prefix)) return open_relay(path);
  const auto resolved = TRY(ovsdb::resolve_path(path));
  for (const auto& [name, file] : files_)
    if (file->path() == resolved) return fail("ovsdb error", path + ": already open");
  auto file = TRY(ovsdb::open_existing_database(path, ovsdb::TornEnd::cut_off));
  const auto& name = file->database().schema().name;
  if (server_.has_database(name)) return fail("ovsdb error", name + ": duplicate database name");
  serve(std::move(file));
  return {};
}

ovsdb::DatabaseFile& Databases::keep(std::unique_ptr<ovsdb::DatabaseFile> file) {
  kept_.insert(file->database().schema().name);
  return serve(std::move(file));
}

ovsdb::DatabaseFile& Databases::serve(std::unique_ptr<ovsdb::DatabaseFile> file) {
  file->write_differences(write_differences_);
  server_.add_database(file->database());
  const auto& name = file->database().schema().name;
  return *files_.emplace(name, std::move(file)).first->second;
}

Result<> Databases::close(const std::string& name) {
  if (!has(name)) return fail("not found", "Failed to find the database.");
  if (kept_.contains(name)) return fail("not allowed", name + ": the switch works by this database; it stays");
  if (relays_.erase(name) > 0) return {};
  server_.remove_database(name);
  files_.erase(name);
  return {};
}

Result<> Databases::compact(const std::string* name) {
  Result<> outcome;
  for (const auto& [each, file] : files_) {
    if (name && each != *name) continue;
    log.info("compacting {} database by user request", each);
    if (auto compacted = file->compact(); !compacted && outcome) outcome = std::move(compacted);
  }
  return outcome;
}

std::vector<std::string> Databases::names() const {
  std::vector<std::string> names;
  for (const auto& [name, file] : files_) names.push_back(name);
  return names;
}

std::vector<std::string> Databases::paths() const {
  std::vector<std::string> paths;
  for (const auto& [name, file] : files_) paths.push_back(file->path());
  for (const auto& [name, relay] : relays_) paths.push_back(relay.text);
  return paths;
}

}  // namespace weft::dbserver
