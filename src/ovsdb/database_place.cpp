#include "ovsdb/database_place.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::ovsdb {
namespace {

// All but the last end at the next comma; none: there are fewer.
std::vector<std::string> split(std::string_view text, std::size_t parts) {
  std::vector<std::string> words;
  while (words.size() + 1 < parts) {
    const auto comma = text.find(',');
    if (comma == std::string_view::npos) return {};
    words.emplace_back(text.substr(0, comma));
    text.remove_prefix(comma + 1);
  }
  words.emplace_back(text);
  return words;
}

}  // namespace

Result<DatabasePlace> DatabasePlace::find(Service& service, const std::string& text) {
  const auto wrong = [&](std::string_view what) { return fail("usage", fmt::format("\"{}\": {}", text, what)); };
  const auto words = split(std::string_view(text).substr(place_prefix.size()), 3);
  if (words.empty() || std::ranges::find(words, std::string()) != words.end()) return wrong("invalid syntax");
  const auto* served = service.find(words[0]);
  if (!served) return wrong("no database named " + words[0]);
  const auto& schema = served->database->schema();
  const auto table = schema.find(words[1]);
  if (!table) return wrong("no table named " + words[1]);
  const auto column = schema.tables[*table].find(words[2]);
  if (!column) return wrong(fmt::format("table \"{}\" has no column \"{}\"", words[1], words[2]));
  return DatabasePlace{served->database, *table, *column};
}

}  // namespace weft::ovsdb
