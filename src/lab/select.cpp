#include "lab/select.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/directories.hpp"
#include "base/near_name.hpp"

namespace weft::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::array usual_files = {"weft.yaml", "lab.yaml"};
constexpr std::array node_kinds = {Kind::container, Kind::podman, Kind::machine, Kind::host};

bool is_file(const std::string& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::optional<std::string> usual_file() {
  for (const auto* name : usual_files) {
    if (is_file(name)) return absolute_path(name);
  }
  return {};
}

Result<Record> record_of(const std::string& lab) { return Journal::read(TRY(LabFolder::of(lab)).path()); }

std::optional<std::string> lab_of_file(const std::string& file, const std::vector<std::string>& labs) {
  for (const auto& lab : labs) {
    if (const auto record = record_of(lab); record && record->file == file) return lab;
  }
  return {};
}

bool is_node(const ObjectId& id) { return std::ranges::find(node_kinds, id.kind) != node_kinds.end(); }

}  // namespace

Result<std::string> choose_file(const std::string& given) {
  if (!given.empty()) return absolute_path(given);
  if (auto file = usual_file()) return *file;
  return fail("usage", "no weft.yaml or lab.yaml in this folder: name a file, or let `weft lab init` write one");
}

Result<LabFolder> choose_lab(const std::string& given) {
  const auto names = TRY(lab_names());
  if (std::ranges::find(names, given) != names.end()) return LabFolder::of(given);
  if (!given.empty()) {
    if (const auto lab = lab_of_file(absolute_path(given), names)) return LabFolder::of(*lab);
    return fail("no such lab", names.empty() ? fmt::format("no lab \"{}\": none is there", given)
                                             : fmt::format("no lab \"{}\"{}", given, suggest_name(given, names)));
  }
  if (const auto file = usual_file()) {
    if (const auto lab = lab_of_file(*file, names)) return LabFolder::of(*lab);
  }
  if (names.size() == 1) return LabFolder::of(names.front());
  if (names.empty()) return fail("no such lab", "no lab is there: `weft lab up` makes one");
  return fail("no such lab", fmt::format("which lab? {}", fmt::join(names, ", ")));
}

Result<Node> find_node(const std::string& name, const std::string& lab) {
  std::vector<std::string> known;
  std::vector<Node> found;
  auto labs = TRY(lab_names());
  if (!lab.empty()) labs.assign(1, lab);
  for (const auto& one : labs) {
    const auto record = record_of(one);
    if (!record && !lab.empty()) return std::unexpected(record.error());
    if (!record) continue;
    for (const auto& [id, recorded] : record->objects) {
      if (!is_node(id)) continue;
      known.push_back(id.name);
      if (id.name == name) found.push_back({one, recorded.object, *record});
    }
  }
  if (found.size() == 1) return std::move(found.front());
  if (found.empty())
    return fail("no such node", fmt::format("no container, VM or host \"{}\"{}", name, suggest_name(name, known)));
  labs.clear();
  for (const auto& node : found) labs.push_back(node.lab);
  return fail("no such node", fmt::format("\"{}\" is in the labs {}: say which by --lab", name, fmt::join(labs, ", ")));
}

}  // namespace weft::lab
