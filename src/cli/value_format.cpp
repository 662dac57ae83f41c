#include "cli/value_format.hpp"

#include <fmt/format.h>

namespace weft::cli {
namespace {

// The "C" locale's classes: what a script sees may not depend on the caller's language.
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string quoted(std::string_view text) { return to_text(json::value(text)); }

std::string format_elements(const Datum& datum, DataStyle style, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < datum.size(); ++i) {
    if (i > 0) text += separator;
    text += format_atom(datum.keys()[i], style);
    if (datum.values().empty()) continue;
    text += '=';
    text += format_atom(datum.values()[i], style);
  }
  return text;
}

}  // namespace

bool needs_quotes(std::string_view text) {
  if (text.empty() || !(is_letter(text.front()) || text.front() == '_')) return true;
  const auto is_plain = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; };
  return !std::ranges::all_of(text, is_plain) || text == "true" || text == "false" || Uuid::parse(text);
}

std::string format_atom(const Atom& atom, DataStyle style) {
  if (const auto* text = std::get_if<std::string>(&atom)) {
    const bool as_it_is = style == DataStyle::bare || (style == DataStyle::string && !needs_quotes(*text));
    return as_it_is ? *text : quoted(*text);
  }
  if (const auto* uuid = std::get_if<Uuid>(&atom); uuid && style != DataStyle::json) return uuid->to_string();
  return to_text(ovsdb::to_json(atom));
}

std::string format_datum(const ColumnType& type, const Datum& datum, DataStyle style) {
  if (style == DataStyle::json) return to_text(type.datum_to_json(datum));
  if (style == DataStyle::bare) return format_elements(datum, style, " ");
  const auto elements = format_elements(datum, style, ", ");
  if (type.is_map()) return "{" + elements + "}";
  return type.max == 1 && datum.size() == 1 ? elements : "[" + elements + "]";
}

}  // namespace weft::cli
