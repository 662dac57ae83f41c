// YAML text as a tree that remembers where everything stands. Anchors, aliases and merge keys ("<<", as compose files
// use them) are followed here, within nodes_max; whoever reads the tree knows nothing of them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "topology/complaints.hpp"

namespace weft::topology {

struct YamlNode;
using YamlTree = std::shared_ptr<const YamlNode>;  // Shared by the aliases of an anchor. Never null.

struct YamlEntry {
  std::string key = {};
  Place place = {};  // The key's.
  YamlTree value = {};
};

struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, list, mapping };
  Kind kind = Kind::null;
  Place place = {};
  std::string text = {};                // Of a scalar.
  bool is_quoted = false;               // Or a block of text: no number, no truth value.
  std::vector<YamlTree> items = {};     // Of a list.
  std::vector<YamlEntry> entries = {};  // Of a mapping, in the file's order; no key twice.
  std::size_t size = 1;                 // Nodes in all, an alias's counted again for each use.

  const YamlEntry* find(std::string_view key) const;
};

// One document. Errors: "lab file", with `name`, line and column.
Result<YamlTree> read_yaml(const std::string& text, const std::string& name);

}  // namespace weft::topology
