// A file's tree against the table of keys: unknown keys, and values of the wrong kind.
#pragma once

#include "topology/complaints.hpp"
#include "topology/yaml_tree.hpp"

namespace weft::topology {

// Complains of everything that the JSON Schema would complain of, too. Where there is no complaint, Fields finds
// each value as the table has it.
void check_keys(const YamlNode& file, Complaints& complaints);

}  // namespace weft::topology
