// A lab file -> a Topology, checked: what comes out can be built, as far as a file can tell.
#pragma once

#include <string>

#include "base/error.hpp"
#include "topology/side_files.hpp"
#include "topology/topology.hpp"

namespace weft::topology {

// Errors: "lab file", a line for each thing that is wrong, with file, line and column, what was found and what was
// expected.
Result<Topology> read_file(const std::string& path, const KnownAddresses& known = {});

// `name`: the file's, for messages, for the lab's name where the text has none, and for what paths are relative to.
// `reader`: for the files that the lab names.
Result<Topology> read_text(const std::string& text, const std::string& name, const FileReader& reader,
                           const KnownAddresses& known = {});

}  // namespace weft::topology
