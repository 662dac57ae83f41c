#include "lab/object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

namespace weft::lab {
namespace {

struct KindName {
  std::string_view one, many;
};
// By Kind.
constexpr std::array kind_names = {
    KindName{"host", "hosts"},         KindName{"segment", "segments"}, KindName{"wire", "wires"},
    KindName{"underlay", "underlays"}, KindName{"switch", "switches"},  KindName{"bridge", "bridges"},
    KindName{"service", "services"},   KindName{"tunnel", "tunnels"},   KindName{"container", "containers"},
    KindName{"image", "images"},       KindName{"podman", "podman"},    KindName{"libvirt", "libvirt"},
    KindName{"machine", "VMs"},        KindName{"guest", "guests"},
};
static_assert(kind_names.size() == static_cast<std::size_t>(Kind::guest) + 1);

Result<std::string> text_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_string())
    return fail("journal", fmt::format("no \"{}\" in {}", key, excerpt(object)));
  return std::string(value->get_string());
}

Result<const json::array*> list_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_array())
    return fail("journal", fmt::format("no \"{}\" in {}", key, excerpt(object)));
  return &value->get_array();
}

Result<Commands> commands_of(const json::object& object, std::string_view key) {
  Commands commands;
  for (const auto& value : *TRY(list_of(object, key))) commands.push_back(TRY(command_from_json(value)));
  return commands;
}

json::array to_json(const Commands& commands) {
  json::array array;
  for (const auto& command : commands) array.push_back(to_json(command));
  return array;
}

}  // namespace

std::string_view name_of(Kind kind) { return kind_names.at(static_cast<std::size_t>(kind)).one; }
std::string_view plural_of(Kind kind) { return kind_names.at(static_cast<std::size_t>(kind)).many; }

std::string to_string(const ObjectId& id) {
  return id.host.empty() || id.host == id.name ? fmt::format("{} {}", name_of(id.kind), id.name)
                                               : fmt::format("{} {} on {}", name_of(id.kind), id.name, id.host);
}

json::object to_json(const ObjectId& id) { return {{"kind", name_of(id.kind)}, {"host", id.host}, {"name", id.name}}; }

Result<ObjectId> id_from_json(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return fail("journal", fmt::format("no object: {}", excerpt(value)));
  const auto kind = TRY(text_of(*object, "kind"));
  const auto* found = std::ranges::find(kind_names, kind, &KindName::one);
  if (found == kind_names.end()) return fail("journal", fmt::format("no kind of object: {}", kind));
  return ObjectId{static_cast<Kind>(found - kind_names.begin()), TRY(text_of(*object, "host")),
                  TRY(text_of(*object, "name"))};
}

json::object to_json(const Object& object) {
  auto result = to_json(object.id);
  json::array needs;
  for (const auto& id : object.needs) needs.push_back(to_json(id));
  result["needs"] = std::move(needs);
  json::array claims;
  for (const auto& path : object.claims) claims.emplace_back(path);
  result["claims"] = std::move(claims);
  result["facts"] = object.facts;
  result["create"] = to_json(object.create);
  result["remove"] = to_json(object.remove);
  result["runs"] = object.runs;
  result["revive"] = to_json(object.revive);
  return result;
}

Result<Object> object_from_json(const json::value& value) {
  Object object{.id = TRY(id_from_json(value))};
  const auto& members = value.get_object();
  for (const auto& id : *TRY(list_of(members, "needs"))) object.needs.push_back(TRY(id_from_json(id)));
  for (const auto& path : *TRY(list_of(members, "claims"))) {
    if (!path.is_string()) return fail("journal", fmt::format("no path: {}", excerpt(path)));
    object.claims.emplace_back(path.get_string());
  }
  if (const auto* facts = members.if_contains("facts"); facts != nullptr && facts->is_object()) {
    object.facts = facts->get_object();
  }
  object.create = TRY(commands_of(members, "create"));
  object.remove = TRY(commands_of(members, "remove"));
  // Older journals have neither.
  if (members.contains("runs")) object.runs = TRY(text_of(members, "runs"));
  if (members.contains("revive")) object.revive = TRY(commands_of(members, "revive"));
  return object;
}

std::string fact(const Object& object, std::string_view key) {
  const auto* value = object.facts.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<WireEnd> ends_of(const Object& object) {
  std::vector<WireEnd> result;
  const auto* ends = object.facts.if_contains("ends");
  if (object.id.kind != Kind::wire || ends == nullptr || !ends->is_array()) return result;
  for (const auto& end : ends->get_array()) {
    const std::string text(end.is_string() ? std::string_view(end.get_string()) : "");
    const auto colon = text.find(':');
    if (colon != std::string::npos) result.push_back({text.substr(0, colon), text.substr(colon + 1)});
  }
  return result;
}

std::vector<std::string> ports_plugged_by(const Object& object) {
  std::vector<std::string> ports;
  for (const auto& command : object.create) {
    if (command.tool != Command::Tool::vsctl || !command.text.starts_with("add-port ")) continue;
    std::istringstream words(command.text);
    std::string verb, bridge, port;
    words >> verb >> bridge >> port;
    ports.push_back(std::move(port));
  }
  return ports;
}

}  // namespace weft::lab
