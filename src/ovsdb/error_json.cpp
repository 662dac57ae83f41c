#include "ovsdb/error_json.hpp"

#include "base/shorten.hpp"
#include "ovsdb/syntax.hpp"

namespace weft::ovsdb {
namespace {

// Names that a client made up are repeated to it, but not as long as it likes.
constexpr std::size_t max_details_bytes = 1900;

}  // namespace

json::object to_json(const Error& error) {
  json::object object{{"error", error.tag}};
  if (!error.details.empty()) object["details"] = shorten(error.details, max_details_bytes);
  if (!error.syntax.empty()) object["syntax"] = error.syntax;
  return object;
}

json::object to_json(const Error& error, const json::value& syntax) {
  auto object = to_json(error);
  object["syntax"] = excerpt(syntax, max_syntax_bytes);
  return object;
}

}  // namespace weft::ovsdb
