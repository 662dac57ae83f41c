// Whatever the operations of a transaction are, the answer has an entry for each (or one for the refusal, or one more
// for the commit's error), errors are short, and the database is whole afterwards.
#include <cstdint>

#include "base/check.hpp"
#include "ovsdb/database_audit.hpp"
#include "ovsdb/execution.hpp"

namespace {

using namespace weft;
using namespace weft::ovsdb;

constexpr std::string_view schema = R"({"name": "F", "tables": {
  "R": {"isRoot": true, "maxRows": 20, "indexes": [["s"], ["i", "o"]], "columns": {
    "i": {"type": "integer"}, "r": {"type": "real"}, "s": {"type": "string"}, "b": {"type": "boolean"},
    "o": {"type": {"key": {"type": "integer", "minInteger": 0, "maxInteger": 9}, "min": 0}},
    "n": {"type": {"key": "integer", "min": 0, "max": 3}},
    "m": {"type": {"key": "string", "value": "integer", "min": 0, "max": "unlimited"}},
    "l": {"type": {"key": {"type": "uuid", "refTable": "L"}, "min": 0, "max": "unlimited"}}}},
  "L": {"columns": {
    "s": {"type": {"key": {"type": "string", "enum": ["set", ["", "x"]]}}},
    "w": {"type": {"key": {"type": "uuid", "refTable": "R", "refType": "weak"}, "min": 0, "max": 2}}}}}})";

// An error quotes a few excerpts; none may grow with the request.
constexpr std::size_t longest_details = 2000;

void check_results(const json::array& results, std::size_t operations) {
  CHECK(results.size() == operations || results.size() == operations + 1);
  for (const auto& result : results) {
    if (!result.is_object()) continue;
    if (const auto* details = result.get_object().if_contains("details")) {
      CHECK(details->as_string().size() <= longest_details);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = parse_json(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!request || !request->is_array()) return 0;
  static const auto parsed = DatabaseSchema::from_json(parse_json(schema).value()).value();
  Database database(parsed, nullptr);
  for (int round = 0; round < 2; ++round) {  // The second one meets rows.
    const auto result = execute(database, request->get_array());
    if (const auto* results = std::get_if<json::array>(&result)) check_results(*results, request->get_array().size());
    CHECK(find_inconsistency(database).empty());
  }
  return 0;
}
