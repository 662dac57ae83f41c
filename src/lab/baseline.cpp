#include "lab/baseline.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace weft::lab {
namespace {

std::string path_in(const LabFolder& folder) { return folder.path() + "/before.json"; }

Census read(const LabFolder& folder) {
  std::ifstream file(path_in(folder), std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto value = parse_json(text);
  return value ? census_from_json(*value) : Census{};  // None is there, or its writer was killed.
}

}  // namespace

Result<> keep_baseline(const LabFolder& folder, HostCarrier& carrier) {
  std::vector<std::string> hosts;
  auto census = read(folder);
  for (const auto& [name, place] : carrier.places()) {
    if (place.is_remote() && !census.contains(name)) hosts.push_back(name);
  }
  if (hosts.empty()) return {};
  census.merge(take_census(carrier, hosts));
  const auto path = path_in(folder), fresh = path + ".new";
  std::ofstream file(fresh, std::ios::binary);
  file << to_text(to_json(census)) << '\n';
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(fresh, path, error);
  if (!file || error) return fail("system", fmt::format("cannot write {}", path));
  return {};
}

Census baseline(const LabFolder& folder, std::span<const Object> objects) {
  auto census = read(folder);
  for (const auto& object : objects) {
    if (object.id.kind == Kind::host && !fact(object, "directory").empty())
      census[object.id.name]["devices"].insert("lo");
    for (auto& end : ends_of(object)) census[end.host]["devices"].insert(std::move(end.device));
  }
  return census;
}

}  // namespace weft::lab
