#include "ovsdb/error_json.hpp"

#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {

json::object to_json(const Error& error) {
  json::object object{{"error", error.tag}};
  if (!error.details.empty()) object["details"] = error.details;
  if (!error.syntax.empty()) object["syntax"] = error.syntax;
  return object;
}

json::object to_json(const Error& error, const json::value& syntax) {
  auto object = to_json(error);
  object["syntax"] = excerpt(syntax, max_syntax_bytes);
  return object;
}

}  // namespace weft::ovsdb
