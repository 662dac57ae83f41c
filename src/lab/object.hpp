// What a lab consists of: objects, each on a host, each with the commands that make it, those that take it away, and
// those that start it again.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "lab/command.hpp"

namespace weft::lab {

// In the order in which they are made; taken away in reverse. A kind is a wave: its objects don't need one another.
enum class Kind : std::uint8_t {
  host,      // A simulated host, or the switch of an underlay segment, which is one too; or a real one.
  segment,   // The bridge within the switch of a segment.
  wire,      // Between two simulated hosts, or one and a segment. Made on this machine.
  underlay,  // Addresses of a host's underlay device.
  vswitch,   // weftd, or what stands in for it.
  bridge,
  service,  // What a bridge answers itself for one VLAN: addresses, neighbours.
  tunnel,
  container,
  image,    // What containers and virtual machines start from; fetched or made, and kept.
  podman,   // A container with an image or a file system of its own, run by podman.
  libvirt,  // Its daemon.
  machine,  // A virtual machine.
  guest,    // An endpoint that asks for its address has got it.
};
std::string_view name_of(Kind kind);    // "container"
std::string_view plural_of(Kind kind);  // "containers"

struct ObjectId {
  Kind kind = Kind::host;
  std::string host = {};  // Where its commands run. Empty: on this machine.
  std::string name = {};  // Unique among those of its kind on the host.
  auto operator<=>(const ObjectId&) const = default;
};
// A container or a VM.
constexpr bool is_endpoint(Kind kind) {
  return kind == Kind::container || kind == Kind::podman || kind == Kind::machine;
}
std::string to_string(const ObjectId& id);  // "container c1 on host1"

struct Object {
  ObjectId id = {};
  std::vector<ObjectId> needs = {};  // What it stands on: made anew with any of them.
  // Paths on a real host that must not be there before: they would be somebody else's.
  std::vector<std::string> claims = {};
  json::object facts = {};  // What people and other commands want to know of it: addresses, device, ssh.
  Commands create = {};     // Empty: there is nothing to do.
  Commands remove = {};     // Also where it is only half made, or gone.
  std::string runs = {};    // A test for /bin/sh that fails where it has ended. Empty: nothing of it runs.
  // Where it does not run, or a claim of it is gone: starts it again, with what it has stored. Empty: it is made anew.
  Commands revive = {};

  bool operator==(const Object&) const = default;
};

json::object to_json(const ObjectId& id);
Result<ObjectId> id_from_json(const json::value& value);
json::object to_json(const Object& object);
Result<Object> object_from_json(const json::value& value);

// A fact that is text; empty if it is not there.
std::string fact(const Object& object, std::string_view key);
struct WireEnd {
  std::string host, device;
};
std::vector<WireEnd> ends_of(const Object& object);  // None: it is no wire.
// What its commands make ports of bridges of a database.
std::vector<std::string> ports_plugged_by(const Object& object);

}  // namespace weft::lab
