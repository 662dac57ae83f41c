// "db:DATABASE,TABLE,COLUMN": a place in a database that an option's value stands in (ovsdb-server(1)).
#pragma once

#include <string>
#include <string_view>

#include "ovsdb/service.hpp"

namespace weft::ovsdb {

inline constexpr std::string_view place_prefix = "db:";

struct DatabasePlace {
  Database* database;
  std::size_t table;
  std::size_t column;

  // Errors, in Open vSwitch's words: the syntax, or what of it does not exist.
  static Result<DatabasePlace> find(Service& service, const std::string& text);
};

}  // namespace weft::ovsdb
