// For tests and fuzz targets: a small database of plain columns, without references.
#pragma once

#include "ovsdb/schema.hpp"

namespace weft::ovsdb::test_schema {

inline DatabaseSchema schema() {
  constexpr std::string_view text = R"({"name": "T", "version": "1.0.0", "tables": {
    "A": {"isRoot": true, "columns": {
      "name": {"type": "string"},
      "n": {"type": "integer"},
      "s": {"type": {"key": "integer", "min": 0, "max": "unlimited"}},
      "m": {"type": {"key": "string", "value": "string", "min": 0, "max": "unlimited"}},
      "o": {"type": {"key": "integer", "min": 0, "max": 1}}}},
    "B": {"isRoot": true, "columns": {"x": {"type": "boolean"}}}}})";
  return DatabaseSchema::from_json(parse_json(text).value()).value();
}

}  // namespace weft::ovsdb::test_schema
