// Pieces of "transact" operations (RFC 7047 section 5.2).
#pragma once

#include <string_view>

#include "base/json.hpp"
#include "base/uuid.hpp"

namespace weft::vsctl {

// [[A, B, C]]: a list of one condition, or of one mutation. Not by nested braces: g++ and clang disagree on what
// json::array{json::array{...}} is.
inline json::array list_of_one(std::string_view column, std::string_view function, json::value value) {
  json::array list;
  list.push_back(json::array{column, function, std::move(value)});
  return list;
}

// The "where" that is true of one row.
inline json::array where_row(const Uuid& row) {
  return list_of_one("_uuid", "==", json::array{"uuid", row.to_string()});
}

}  // namespace weft::vsctl
