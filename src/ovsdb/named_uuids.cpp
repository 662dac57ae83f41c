#include "ovsdb/named_uuids.hpp"

#include "ovsdb/error_tags.hpp"
#include "ovsdb/identifier.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {

Result<NamedUuidTable::Entry*> NamedUuidTable::find(std::string_view name) {
  const auto known = entries_.find(name);
  if (known != entries_.end()) return &known->second;
  if (!is_identifier(name))
    return fail_at(syntax_error, "named-uuid string is not a valid <id>", json::array{"named-uuid", name});
  return &entries_.emplace(name, Entry{.uuid = Uuid::random()}).first->second;
}

Result<Uuid> NamedUuidTable::mention(std::string_view name) { return TRY(find(name))->uuid; }

Result<Uuid> NamedUuidTable::define(std::string_view name, std::optional<Uuid> chosen) {
  auto& entry = *TRY(find(name));
  if (entry.is_defined)
    return fail_at(duplicate_uuid_name, "This \"uuid-name\" appeared on an earlier \"insert\" operation.",
                   json::value(name));
  entry.is_defined = true;
  if (chosen) entry.uuid = *chosen;
  return entry.uuid;
}

}  // namespace weft::ovsdb
