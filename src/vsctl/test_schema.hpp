// For tests: the Open_vSwitch schema.
#pragma once

#include "base/check.hpp"
#include "base/json.hpp"
#include "ovsdb/schema.hpp"
#include "schema/vswitch.hpp"

namespace weft::vsctl {

inline const ovsdb::DatabaseSchema& test_schema() {
  static const auto schema = [] {
    const auto text = parse_json(vswitch_schema());
    CHECK(text);
    auto parsed = ovsdb::DatabaseSchema::from_json(*text);
    CHECK(parsed);
    return *std::move(parsed);
  }();
  return schema;
}

inline const ovsdb::TableSchema& test_table(std::string_view name) {
  return test_schema().tables[test_schema().find(name).value()];
}

}  // namespace weft::vsctl
