#include "base/directories.hpp"

#include <cstdlib>
#include <filesystem>

namespace weft {
namespace {

std::string from_environment(const char* name, std::string otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : std::move(otherwise);
}

}  // namespace

std::string run_directory() { return from_environment("OVS_RUNDIR", "/var/run/openvswitch"); }
std::string log_directory() { return from_environment("OVS_LOGDIR", "/var/log/openvswitch"); }
std::string database_directory() {
  return from_environment("OVS_DBDIR", from_environment("OVS_SYSCONFDIR", "/etc") + "/openvswitch");
}

std::string resolve_in(const std::string& directory, std::string_view path) {
  return (std::filesystem::path(directory) / path).string();
}

std::string absolute_path(std::string_view path) {
  std::error_code error;  // Without a working directory a relative path stays one.
  const auto absolute = std::filesystem::absolute(path, error);
  return error ? std::string(path) : absolute.lexically_normal().string();
}

}  // namespace weft
