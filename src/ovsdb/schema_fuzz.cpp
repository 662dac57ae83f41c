// Any schema that a client may send with "convert": it is refused with a reason, or is the same schema when it is read
// again, and a database that is converted to it is consistent.
#include <cstdint>

#include "base/check.hpp"
#include "ovsdb/database_audit.hpp"
#include "ovsdb/database_conversion.hpp"
#include "ovsdb/execution.hpp"
#include "ovsdb/test_schema.hpp"

namespace {

using namespace weft;
using namespace weft::ovsdb;

std::unique_ptr<Database> database_with_content() {
  auto database = std::make_unique<Database>(test_schema::schema(), nullptr);
  const auto operations = parse_json(R"([
    {"op": "insert", "table": "A", "row": {
      "name": "x", "n": 7, "s": ["set", [1, 2, 3]], "m": ["map", [["k", "v"]]], "o": 1}},
    {"op": "insert", "table": "A", "row": {"name": "y", "n": -1}},
    {"op": "insert", "table": "B", "row": {"x": true}}])")
                              .value();
  const std::span all(operations.as_array().data(), operations.as_array().size());
  const auto results = execute(*database, all);
  CHECK(std::get<json::array>(results).size() == all.size());
  return database;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto database = database_with_content();
  const auto text = parse_json({reinterpret_cast<const char*>(data), size});
  if (!text) return 0;
  const auto schema = DatabaseSchema::from_json(*text);
  if (!schema) {
    CHECK(!schema.error().tag.empty() && !schema.error().details.empty());
    return 0;
  }
  const auto written = schema->to_json();
  const auto again = DatabaseSchema::from_json(written);
  CHECK(again && again->to_json() == written);
  const auto converted = convert_database(*database, *schema);
  CHECK(converted ? find_inconsistency(**converted).empty() : !converted.error().details.empty());
  return 0;
}
