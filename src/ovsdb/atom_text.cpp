#include "ovsdb/atom_text.hpp"

#include <algorithm>

namespace weft::ovsdb {
namespace {

// The "C" locale's classes: what a script sees may not depend on the caller's language.
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool needs_quotes(std::string_view text) {
  if (text.empty() || !(is_letter(text.front()) || text.front() == '_')) return true;
  const auto is_plain = [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; };
  return !std::ranges::all_of(text, is_plain) || text == "true" || text == "false" || Uuid::parse(text);
}

std::string describe(const Atom& atom) {
  if (const auto* text = std::get_if<std::string>(&atom); text && !needs_quotes(*text)) return *text;
  if (const auto* uuid = std::get_if<Uuid>(&atom)) return uuid->to_string();
  return to_text(to_json(atom));
}

std::string describe(const ColumnType& type, const Datum& datum) {
  std::string text;
  for (std::size_t i = 0; i < datum.size(); ++i) {
    text += (i > 0 ? ", " : "") + describe(datum.keys()[i]);
    if (type.is_map()) text += "=" + describe(datum.values()[i]);
  }
  if (type.is_map()) return "{" + text + "}";
  return type.max == 1 && datum.size() == 1 ? text : "[" + text + "]";
}

}  // namespace weft::ovsdb
