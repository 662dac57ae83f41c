// Members of JSON objects that came from weftd or the database; what is not there, or of another type, is nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"

namespace weft::inspect {

inline std::string text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value != nullptr ? value->if_string() : nullptr;
  return text != nullptr ? std::string(*text) : std::string();
}

inline double number_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_number() ? value->to_number<double>() : 0;
}

inline bool is_true_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

inline json::object object_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->as_object() : json::object();
}

// Those elements of an array that are objects.
inline std::vector<json::object> objects_in(const json::value& whole, std::string_view name) {
  std::vector<json::object> objects;
  const auto* object = whole.if_object();
  const auto* value = object != nullptr ? object->if_contains(name) : nullptr;
  if (value == nullptr || !value->is_array()) return objects;
  for (const auto& element : value->as_array()) {
    if (element.is_object()) objects.push_back(element.as_object());
  }
  return objects;
}

}  // namespace weft::inspect
