// Whatever another server tells as the content of a database or as a change of it, the copy is whole afterwards.
#include <cstdint>

#include "base/check.hpp"
#include "ovsdb/database_audit.hpp"
#include "ovsdb/replica.hpp"
#include "ovsdb/test_schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weft;
  const auto updates = parse_json(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!updates) return 0;
  static const auto schema = ovsdb::test_schema::schema();
  ovsdb::Database copy(schema, nullptr);
  // The second round meets rows.
  for (int round = 0; round < 2; ++round) {
    const bool was_applied = ovsdb::apply_updates(copy, *updates).has_value();
    if (!was_applied) (void)ovsdb::replace_content(copy, *updates, {"B"});
    CHECK(ovsdb::find_inconsistency(copy).empty());
  }
  return 0;
}
