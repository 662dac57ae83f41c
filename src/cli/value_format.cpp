#include "cli/value_format.hpp"

#include "ovsdb/atom_text.hpp"

namespace weft::cli {
namespace {

std::string format_bare(const Datum& datum) {
  std::string text;
  for (std::size_t i = 0; i < datum.size(); ++i) {
    if (i > 0) text += ' ';
    text += format_atom(datum.keys()[i], DataStyle::bare);
    if (datum.values().empty()) continue;
    text += '=';
    text += format_atom(datum.values()[i], DataStyle::bare);
  }
  return text;
}

}  // namespace

std::string format_atom(const Atom& atom, DataStyle style) {
  if (style == DataStyle::json) return to_text(ovsdb::to_json(atom));
  const auto* text = std::get_if<std::string>(&atom);
  return text && style == DataStyle::bare ? *text : ovsdb::describe(atom);
}

std::string format_datum(const ColumnType& type, const Datum& datum, DataStyle style) {
  if (style == DataStyle::json) return to_text(type.datum_to_json(datum));
  return style == DataStyle::bare ? format_bare(datum) : ovsdb::describe(type, datum);
}

}  // namespace weft::cli
