// Replays what a real ovsdb-server answered (cases/*.json, recorded by tools/record_conformance.py) against our engine.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ovsdb/execution.hpp"

namespace weft::ovsdb {
namespace {

const std::filesystem::path directory = CONFORMANCE_DIRECTORY;

json::value read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto value = parse_json(text.str());
  if (!value) ADD_FAILURE() << path << ": " << value.error().details;
  return value.value_or(json::value());
}

// The names of one case for UUIDs, as the recorder gives them: <N>, numbered as they appear first.
class Names {
 public:
  json::value show(const json::value& value) const {
    return mapped(value, [this](std::string_view text) {
      const auto found = uuids_.find(text);
      return found == uuids_.end() ? std::string(text) : found->second;
    });
  }
  // Without texts for people, and with sets, maps and rows in an order of their own.
  json::value hide(const json::value& value) {
    return mapped(value, [this](std::string_view text) {
      if (!Uuid::parse(text)) return std::string(text);
      const auto [entry, is_new] = names_.try_emplace(std::string(text), "<" + std::to_string(names_.size()) + ">");
      if (is_new) uuids_.emplace(entry->second, text);
      return entry->second;
    });
  }

 private:
  template <class Map>
  static json::value mapped(const json::value& value, const Map& map) {
    if (value.is_string()) return json::value(map(value.get_string()));
    if (const auto* array = value.if_array()) {
      json::array result;
      for (const auto& element : *array) result.push_back(mapped(element, map));
      const bool has_no_order =
          result.size() == 2 && (result[0] == "set" || result[0] == "map") && result[1].is_array();
      if (has_no_order) sort(result[1].get_array());
      return result;
    }
    if (const auto* object = value.if_object()) return mapped_object(*object, map);
    return value;
  }

  template <class Map>
  static json::value mapped_object(const json::object& object, const Map& map) {
    std::map<std::string, const json::value*> members;  // In order of names: placeholders are numbered so.
    for (const auto& [name, value] : object) members.emplace(name, &value);
    json::object result;
    for (const auto& [name, value] : members) {
      if (name != "details" && name != "syntax") result[name] = mapped(*value, map);
    }
    if (auto* rows = result.if_contains("rows"); rows && rows->is_array()) sort(rows->get_array());
    return result;
  }

  static void sort(json::array& array) {
    std::ranges::sort(array, {}, [](const json::value& value) { return to_text(value); });
  }

  std::map<std::string, std::string, std::less<>> names_, uuids_;
};

// A transaction that waits in an idle database waits until its time is over.
json::array execute_to_the_end(Database& database, const json::array& request, ExecutionContext context) {
  auto result = execute(database, request, context);
  if (const auto* blocked = std::get_if<Blocked>(&result)) {
    EXPECT_TRUE(blocked->timeout) << "waits for ever";
    context.elapsed = blocked->timeout.value_or(std::chrono::hours(1));
    result = execute(database, request, context);
  }
  const auto* array = std::get_if<json::array>(&result);
  if (!array) ADD_FAILURE() << "still waits when its time is over";
  return array ? *array : json::array();
}

class Conformance : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Conformance, replies_as_recorded) {
  const auto file = read_json(GetParam());
  Database database(DatabaseSchema::from_json(read_json(directory / "kinds.ovsschema")).value(), nullptr);
  const auto* locks = file.as_object().if_contains("locks");
  ExecutionContext context;
  context.owns_lock = [&](std::string_view lock) {
    return locks && std::ranges::find(locks->as_array(), json::value(lock)) != locks->as_array().end();
  };
  Names names;
  for (const auto& exchange : file.at("exchanges").as_array()) {
    const auto& request = exchange.at("request");
    const auto reply = execute_to_the_end(database, names.show(request).as_array(), context);
    // Both through the same sieve: numbers compare as text (2 and 2.0 are the same).
    EXPECT_EQ(to_text(names.hide(reply)), to_text(Names().show(exchange.at("reply"))))
        << "request: " << to_text(request) << "\nwhole reply: " << to_text(reply);
  }
}

std::vector<std::filesystem::path> cases() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "cases")) paths.push_back(entry.path());
  std::ranges::sort(paths);
  return paths;
}
INSTANTIATE_TEST_SUITE_P(Recorded, Conformance, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.stem().string(); });

}  // namespace
}  // namespace weft::ovsdb
