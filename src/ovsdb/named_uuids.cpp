#include "ovsdb/named_uuids.hpp"

#include "ovsdb/error_tags.hpp"
#include "ovsdb/schema.hpp"

namespace weft::ovsdb {

Result<NamedUuidTable::Entry*> NamedUuidTable::find(std::string_view name) {
  const auto known = entries_.find(name);
  if (known != entries_.end()) return &known->second;
  if (!is_identifier(name)) {
    return fail(syntax_error,
                excerpt(json::value(name)) + " is no name for a row: letters, digits and _ only, no digit first");
  }
  return &entries_.emplace(name, Entry{.uuid = Uuid::random()}).first->second;
}

Result<Uuid> NamedUuidTable::mention(std::string_view name) { return TRY(find(name))->uuid; }

Result<Uuid> NamedUuidTable::define(std::string_view name, std::optional<Uuid> chosen) {
  auto& entry = *TRY(find(name));
  if (entry.is_defined) return fail(duplicate_uuid_name, fmt::format("an earlier row is named \"{}\" already", name));
  entry.is_defined = true;
  if (chosen) entry.uuid = *chosen;
  return entry.uuid;
}

}  // namespace weft::ovsdb
