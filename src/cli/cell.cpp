#include "cli/cell.hpp"

namespace weft::cli {

Cell Cell::json(json::value value) {
  Cell cell;
  cell.content_ = std::move(value);
  return cell;
}

std::string Cell::text(DataStyle style) const {
  if (const auto* typed = std::get_if<Typed>(&content_)) return format_datum(*typed->type, typed->value, style);
  if (const auto* value = std::get_if<json::value>(&content_)) return to_text(*value);
  const auto* text = std::get_if<std::string>(&content_);
  return text ? *text : "";
}

json::value Cell::to_json() const {
  if (const auto* typed = std::get_if<Typed>(&content_)) return typed->type->datum_to_json(typed->value);
  if (const auto* value = std::get_if<json::value>(&content_)) return *value;
  const auto* text = std::get_if<std::string>(&content_);
  return text ? json::value(*text) : json::value();
}

}  // namespace weft::cli
