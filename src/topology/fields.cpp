#include "topology/fields.hpp"

#include "topology/keys.hpp"
#include "topology/value_kinds.hpp"

namespace weft::topology {
namespace {

const YamlNode* value_of(const YamlNode* mapping, std::string_view key) {
  if (mapping == nullptr) return nullptr;
  const auto* entry = mapping->find(key);
  return entry == nullptr ? nullptr : entry->value.get();
}

}  // namespace

const YamlNode* Fields::find(std::string_view key) const {
  const auto* own = value_of(own_, key);
  return own != nullptr ? own : value_of(defaults_, key);
}

Place Fields::place(std::string_view key) const {
  const auto* node = find(key);
  return node == nullptr ? place_ : node->place;
}

std::optional<std::string> Fields::text(std::string_view key) const {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  return node->text;
}

std::string Fields::text_or(std::string_view key, std::string_view otherwise) const {
  return text(key).value_or(std::string(otherwise));
}

std::optional<std::uint32_t> Fields::number(std::string_view key) const {
  const auto* node = find(key);
  return node == nullptr ? std::nullopt : parse_number(node->text);
}

bool Fields::yes_no(std::string_view key, bool otherwise) const {
  const auto* node = find(key);
  return node == nullptr ? otherwise : node->text == "true";
}

std::optional<IpAddress> Fields::address(std::string_view key) const {
  const auto* node = find(key);
  return node == nullptr ? std::nullopt : IpAddress::parse(node->text);
}

std::optional<Subnet> Fields::subnet(std::string_view key) const {
  const auto* node = find(key);
  return node == nullptr ? std::nullopt : Subnet::parse(node->text);
}

std::optional<MacAddress> Fields::mac(std::string_view key) const {
  const auto* node = find(key);
  return node == nullptr ? std::nullopt : MacAddress::parse(node->text);
}

std::vector<Word> Fields::words(std::string_view key) const {
  const auto* node = find(key);
  if (node == nullptr) return {};
  if (node->kind != YamlNode::Kind::list) return {{node->text, node->place}};
  std::vector<Word> words;
  for (const auto& item : node->items) words.push_back({item->text, item->place});
  return words;
}

bool Fields::is_list(std::string_view key) const {
  const auto* node = find(key);
  return node != nullptr && node->kind == YamlNode::Kind::list;
}

std::map<std::string, std::string> Fields::variables(std::string_view key) const {
  std::map<std::string, std::string> variables;
  const auto* node = find(key);
  if (node == nullptr) return variables;
  for (const auto& entry : node->entries) variables[entry.key] = entry.value->text;
  for (const auto& item : node->items) {
    const auto equals = item->text.find('=');
    variables[item->text.substr(0, equals)] = item->text.substr(equals + 1);
  }
  return variables;
}

std::vector<Item> items_of(const YamlNode& file, std::string_view section) {
  std::vector<Item> items;
  const auto* node = value_of(&file, section);
  if (node == nullptr) return items;
  const auto* defaults = value_of(value_of(&file, defaults_key), section);
  for (const auto& [name, place, value] : node->entries) items.push_back({name, {place, value.get(), defaults}});
  for (const auto& item : node->items) {
    // In a list of names an item has no keys of its own.
    items.push_back({item->text, {item->place, item.get(), defaults}});
  }
  return items;
}

Fields fields_of(const YamlNode& file, std::string_view section) {
  const auto* node = value_of(&file, section);
  return {node == nullptr ? file.place : node->place, node, nullptr};
}

Fields top_fields(const YamlNode& file) { return {file.place, &file, nullptr}; }

}  // namespace weft::topology
