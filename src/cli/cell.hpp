// A cell of a table: a value of the database, a text, some JSON, or nothing.
#pragma once

#include <variant>

#include "cli/value_format.hpp"

namespace weft::cli {

class Cell {
 public:
  Cell() = default;  // Nothing: an empty text, null in JSON.
  Cell(std::string text) : content_(std::move(text)) {}
  // `type` must outlive the cell.
  Cell(const ColumnType* type, Datum value) : content_(Typed{type, std::move(value)}) {}
  // Shown as JSON in every format.
  static Cell json(json::value value);

  std::string text(DataStyle style) const;
  json::value to_json() const;

 private:
  struct Typed {
    const ColumnType* type;
    Datum value;
  };
  std::variant<std::monostate, std::string, json::value, Typed> content_;
};

}  // namespace weft::cli
