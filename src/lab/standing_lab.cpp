#include "lab/standing_lab.hpp"

#include "lab/lab_folder.hpp"
#include "topology/read_lab.hpp"

namespace weft::lab {

topology::KnownAddresses known_addresses(const Record& record) {
  topology::KnownAddresses known;
  for (const auto& [id, recorded] : record.objects) {
    if (!is_endpoint(id.kind)) continue;
    for (const auto* key : {"address4", "address6"}) {
      if (const auto has = InterfaceAddress::parse(fact(recorded.object, key))) known[id.name].push_back(has->address);
    }
  }
  return known;
}

Result<topology::Topology> read_standing_lab(const std::string& file) {
  auto lab = TRY(topology::read_file(file));
  const auto folder = TRY(LabFolder::of(lab.name));
  if (folder.exists()) {
    // None: it was only just begun.
    const auto record = Journal::read(folder.path());
    const auto known = record ? known_addresses(*record) : topology::KnownAddresses();
    if (!known.empty()) lab = TRY(topology::read_file(file, known));
  }
  lab.file = file;
  return lab;
}

}  // namespace weft::lab
