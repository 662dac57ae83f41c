// Values of a checked file, by key: an item's own, or else what `defaults` has for its section.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topology/complaints.hpp"
#include "topology/yaml_tree.hpp"
#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/subnet.hpp"

namespace weft::topology {

// A text and where it stands.
struct Word {
  std::string text = {};
  Place place = {};
};

// Points into the file's tree. check_keys() must have had no complaint.
class Fields {
 public:
  Fields() = default;
  // Of an item at `place`; both nodes may be null.
  Fields(Place place, const YamlNode* own, const YamlNode* defaults) : place_(place), own_(own), defaults_(defaults) {}

  bool has(std::string_view key) const { return find(key) != nullptr; }
  Place place() const { return place_; }
  Place place(std::string_view key) const;  // Of its value; of the item where the key is not there.

  std::optional<std::string> text(std::string_view key) const;
  std::string text_or(std::string_view key, std::string_view otherwise) const;
  std::optional<std::uint32_t> number(std::string_view key) const;
  bool yes_no(std::string_view key, bool otherwise) const;
  std::optional<IpAddress> address(std::string_view key) const;
  std::optional<Subnet> subnet(std::string_view key) const;
  std::optional<MacAddress> mac(std::string_view key) const;
  // A single text counts as a list of one.
  std::vector<Word> words(std::string_view key) const;
  bool is_list(std::string_view key) const;
  // A mapping of texts, or a list of NAME=VALUE.
  std::map<std::string, std::string> variables(std::string_view key) const;

 private:
  const YamlNode* find(std::string_view key) const;

  Place place_ = {};
  const YamlNode* own_ = nullptr;
  const YamlNode* defaults_ = nullptr;
};

struct Item {
  std::string name = {};  // Empty in a section that is a list.
  Fields fields = {};
};

// Of a section that is `named` or a `list`, in the file's order.
std::vector<Item> items_of(const YamlNode& file, std::string_view section);
// Of a section that is `one` mapping.
Fields fields_of(const YamlNode& file, std::string_view section);
// The file's top level.
Fields top_fields(const YamlNode& file);

}  // namespace weft::topology
