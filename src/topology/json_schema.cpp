#include "topology/json_schema.hpp"

#include <fmt/format.h>

#include "base/json.hpp"
#include "topology/keys.hpp"

namespace weft::topology {
namespace {

json::object key_schema(const Key& key) {
  auto schema = schema_of(key.rule);
  schema["description"] = key.meaning;
  return schema;
}

// A mapping of the section's keys.
json::object keys_schema(const Section& section, bool is_complete) {
  json::object properties;
  json::array required;
  for (const auto& key : section.keys) {
    properties[key.name] = key_schema(key);
    if (is_complete && key.is_required) required.emplace_back(key.name);
  }
  json::object schema = {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

json::object nothing() { return {{"type", "null"}}; }

json::object section_schema(const Section& section) {
  const json::object item = {{"$ref", fmt::format("#/definitions/{}", section.name)}};
  json::array choices;
  switch (section.shape) {
    case Shape::one:
      choices.emplace_back(item);
      break;
    case Shape::list:
      choices.push_back({{"type", "array"}, {"items", item}});
      break;
    case Shape::named: {
      const auto name = schema_of({ValueKind::label});
      const json::object keys_or_nothing = {{"oneOf", json::array{item, nothing()}}};
      json::object mapping = {{"type", "object"},
                              {"propertyNames", {{"pattern", name.at("pattern")}}},
                              {"additionalProperties", keys_or_nothing}};
      json::object list = {{"type", "array"}, {"items", name}};
      if (section.is_required) mapping["minProperties"] = list["minItems"] = 1;
      choices.emplace_back(std::move(mapping));
      choices.emplace_back(std::move(list));
      break;
    }
  }
  if (!section.is_required) choices.emplace_back(nothing());
  return {{"description", section.meaning}, {"oneOf", std::move(choices)}};
}

json::object defaults_schema() {
  json::object properties;
  for (const auto& section : sections()) {
    if (section.has_defaults) properties[section.name] = keys_schema(section, false);
  }
  const json::object mapping = {
      {"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  return {{"description", "Keys that every item of a section has where it has none of its own"},
          {"oneOf", json::array{mapping, nothing()}}};
}

}  // namespace

std::string lab_schema() {
  json::object properties, definitions;
  json::array required;
  for (const auto& key : top_keys()) properties[key.name] = key_schema(key);
  for (const auto& section : sections()) {
    properties[section.name] = section_schema(section);
    definitions[section.name] = keys_schema(section, true);
    if (section.is_required) required.emplace_back(section.name);
  }
  properties[defaults_key] = defaults_schema();
  const json::object schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                               {"title", "A lab of Weft"},
                               {"type", "object"},
                               {"properties", std::move(properties)},
                               {"patternProperties", {{fmt::format("^{}", extension_prefix), true}}},
                               {"additionalProperties", false},
                               {"required", std::move(required)},
                               {"definitions", std::move(definitions)}};
  return to_text(schema, JsonStyle::pretty) + "\n";
}

}  // namespace weft::topology
