#include "topology/key_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/near_name.hpp"
#include "topology/keys.hpp"

namespace weft::topology {
namespace {

using Kind = YamlNode::Kind;

void complain_of_unknown(const YamlEntry& entry, std::string_view where, const std::vector<std::string>& names,
                         Complaints& complaints) {
  complaints.add(entry.place, fmt::format("unknown key \"{}\" in {}{}", entry.key.substr(0, 60), where,
                                          suggest_name(entry.key, names)));
}

void complain_of_kind(const YamlNode& node, std::string_view what, std::string_view expected, Complaints& complaints) {
  complaints.add(node.place, fmt::format("{} is {}; expected {}", what, describe(node), expected));
}

void check_value(const Key& key, const YamlNode& node, Complaints& complaints) {
  if (const auto misfit = find_misfit(key.rule, node)) {
    complaints.add(misfit->place, fmt::format("{} is {}; expected {}", key.name, misfit->found, misfit->expected));
  }
}

// A mapping of a section's keys.
void check_item(const Section& section, const YamlNode& node, bool is_complete, Complaints& complaints) {
  if (node.kind != Kind::mapping) {
    complain_of_kind(node, section.item, "a mapping of keys", complaints);
    return;
  }
  for (const auto& entry : node.entries) {
    const auto key = std::ranges::find(section.keys, entry.key, &Key::name);
    if (key != section.keys.end()) {
      check_value(*key, *entry.value, complaints);
      continue;
    }
    std::vector<std::string> names;
    for (const auto& known : section.keys) names.emplace_back(known.name);
    complain_of_unknown(entry, section.item, names, complaints);
  }
  for (const auto& key : section.keys) {
    if (is_complete && key.is_required && node.find(key.name) == nullptr) {
      complaints.add(node.place, fmt::format("{} has no {}", section.item, key.name));
    }
  }
}

void check_name(const Section& section, Place place, const std::string& name, Complaints& complaints) {
  if (is_label(name)) return;
  complaints.add(place,
                 fmt::format("\"{}\" is no name for {}; expected lower case letters, digits and hyphens, 40 at most",
                             name.substr(0, 60), section.item));
}

void check_named(const Section& section, const YamlNode& node, Complaints& complaints) {
  if (node.kind == Kind::mapping) {
    for (const auto& [name, place, item] : node.entries) {
      check_name(section, place, name, complaints);
      if (item->kind != Kind::null) check_item(section, *item, true, complaints);
    }
    return;
  }
  if (node.kind != Kind::list) {
    complain_of_kind(node, section.name, "a mapping from names to their keys, or a list of names", complaints);
    return;
  }
  for (const auto& item : node.items) {
    if (item->kind == Kind::scalar) {
      check_name(section, item->place, item->text, complaints);
    } else {
      complain_of_kind(*item, section.item, "a name", complaints);
    }
  }
}

void check_section(const Section& section, const YamlNode& node, Complaints& complaints) {
  if (node.kind == Kind::null) return;  // "vms:" with all of them commented out.
  switch (section.shape) {
    case Shape::one:
      check_item(section, node, true, complaints);
      return;
    case Shape::named:
      check_named(section, node, complaints);
      return;
    case Shape::list:
      break;
  }
  if (node.kind != Kind::list) {
    complain_of_kind(node, section.name, "a list", complaints);
    return;
  }
  for (const auto& item : node.items) check_item(section, *item, true, complaints);
}

void check_defaults(const YamlNode& node, Complaints& complaints) {
  if (node.kind == Kind::null) return;
  if (node.kind != Kind::mapping) {
    complain_of_kind(node, defaults_key, "a mapping from sections to their keys", complaints);
    return;
  }
  std::vector<std::string> names;
  for (const auto& section : sections()) {
    if (section.has_defaults) names.emplace_back(section.name);
  }
  for (const auto& entry : node.entries) {
    if (std::ranges::find(names, entry.key) == names.end()) {
      complain_of_unknown(entry, defaults_key, names, complaints);
    } else {
      check_item(section(entry.key), *entry.value, false, complaints);
    }
  }
}

void check_top_entry(const YamlEntry& entry, Complaints& complaints) {
  if (entry.key.starts_with(extension_prefix)) return;
  if (entry.key == defaults_key) return check_defaults(*entry.value, complaints);
  std::vector<std::string> names = {std::string(defaults_key)};
  for (const auto& section : sections()) {
    if (section.name == entry.key) return check_section(section, *entry.value, complaints);
    names.emplace_back(section.name);
  }
  for (const auto& key : top_keys()) {
    if (key.name == entry.key) return check_value(key, *entry.value, complaints);
    names.emplace_back(key.name);
  }
  complain_of_unknown(entry, "the lab", names, complaints);
}

}  // namespace

void check_keys(const YamlNode& file, Complaints& complaints) {
  if (file.kind != Kind::mapping) {
    complain_of_kind(file, "the file", "a mapping with hosts, networks and containers", complaints);
    return;
  }
  for (const auto& entry : file.entries) check_top_entry(entry, complaints);
  for (const auto& section : sections()) {
    const auto* entry = file.find(section.name);
    const bool is_filled = entry != nullptr && (!entry->value->entries.empty() || !entry->value->items.empty());
    if (!section.is_required || is_filled) continue;
    complaints.add(file.place,
                   fmt::format("the lab has no {0}; expected a section like \"{0}: [one, two]\"", section.name));
  }
}

}  // namespace weft::topology
