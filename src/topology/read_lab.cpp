#include "topology/read_lab.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "topology/attach.hpp"
#include "topology/endpoint_draft.hpp"
#include "topology/fields.hpp"
#include "topology/key_check.hpp"
#include "topology/limits.hpp"
#include "topology/members.hpp"
#include "topology/programs.hpp"
#include "topology/read_hosts.hpp"
#include "topology/read_networks.hpp"
#include "topology/value_kinds.hpp"
#include "topology/yaml_tree.hpp"

namespace weft::topology {
namespace {

std::string lab_name(const YamlNode& file, const std::string& path, Complaints& complaints) {
  if (const auto name = top_fields(file).text("name")) return *name;
  auto stem = std::filesystem::path(path).stem().string();
  if (!is_label(stem)) {
    complaints.add(file.place,
                   fmt::format("the lab has no name, and the file's would not do; expected `name: my-lab`"));
  }
  return stem;
}

}  // namespace

Result<Topology> read_text(const std::string& text, const std::string& name, const FileReader& reader,
                           const KnownAddresses& known) {
  if (text.size() > file_bytes_max) {
    return fail("lab file", fmt::format("{}: is larger than {} KiB", name, file_bytes_max / 1024));
  }
  const auto file = TRY(read_yaml(text, name));
  Complaints complaints(name);
  check_keys(*file, complaints);
  if (!complaints.empty()) return std::unexpected(complaints.error());

  Topology lab;
  lab.file = name;
  lab.name = lab_name(*file, name, complaints);
  TakenNames names;
  auto machines = read_hosts(*file, names, complaints);
  // Endpoints of hosts or networks that are wrong would only repeat what is wrong with these.
  if (!complaints.empty()) return std::unexpected(complaints.error());
  lab.networks = read_networks(*file, machines.hosts, complaints);
  if (!complaints.empty()) return std::unexpected(complaints.error());
  auto drafts = read_endpoints(*file, machines, lab.networks, names, complaints);
  attach(lab.name, machines, lab.networks, known, drafts, complaints);
  const Surroundings surroundings{name, reader};
  for (const auto& draft : drafts) {
    if (draft.is_machine) {
      lab.machines.push_back(make_machine(draft, surroundings, complaints));
    } else {
      lab.containers.push_back(make_container(draft, surroundings, complaints));
    }
  }
  if (!complaints.empty()) return std::unexpected(complaints.error());
  lab.hosts = std::move(machines.hosts);
  lab.links = std::move(machines.links);
  return lab;
}

Result<Topology> read_file(const std::string& path, const KnownAddresses& known) {
  const auto text = TRY(read_bounded(path, file_bytes_max));
  const auto reader = [](const std::string& side) { return read_bounded(side, side_file_bytes_max); };
  return read_text(text, path, reader, known);
}

}  // namespace weft::topology
