// The names that the operations of one transaction give to new rows (RFC 7047 section 5.1 <named-uuid>). A name may be
// used before the insert that defines it: the first mention decides the UUID.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "ovsdb/atom.hpp"

namespace weft::ovsdb {

class NamedUuidTable {
 public:
  // For a mention in a value. "syntax error" if the name is no identifier.
  Result<Uuid> mention(std::string_view name);
  // By an insert, whose row gets the UUID: `chosen`, or else the one of earlier mentions. Errors: "syntax error",
  // "duplicate uuid-name" (it is defined already).
  Result<Uuid> define(std::string_view name, std::optional<Uuid> chosen);

 private:
  struct Entry {
    Uuid uuid;
    bool is_defined = false;
  };
  Result<Entry*> find(std::string_view name);

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace weft::ovsdb
