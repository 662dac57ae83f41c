// What may stand as a key's value: how the parser judges it, and what the JSON Schema says of it, side by side.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "topology/yaml_tree.hpp"

namespace weft::topology {

enum class ValueKind : std::uint8_t {
  label,   // A host's, network's, endpoint's name.
  device,  // A network device's.
  text,    // Any; also what looks like a number.
  yes_no,
  number,
  choice,
  address4,
  address6,
  any_address,
  subnet4,
  subnet6,
  interface,  // An address, with its prefix length or without.
  mac,
  multicast,
  container_address,  // address4, or "dhcp".
  memory,
  url_or_path,
  sha256,
  ssh_target,
  link_end,     // host:device.
  environment,  // A mapping of texts, or a list of NAME=VALUE.
};

// How many: one, or one or a list of them.
enum class Many : std::uint8_t { no, yes };

struct ValueRule {
  ValueKind kind = ValueKind::text;
  Many many = Many::no;
  std::uint32_t min = 0, max = 0;  // Of a number.
  std::string_view choices = {};   // Of a choice: words with a space between.
};

// Nothing where `node` is as `rule` has it; else what was expected instead, at the place of what does not fit.
struct Misfit {
  Place place = {};
  std::string found = {};     // "\"abc\"", "a list", "nothing".
  std::string expected = {};  // "a number from 1 to 16777215".
};
std::optional<Misfit> find_misfit(const ValueRule& rule, const YamlNode& node);

// What JSON Schema (draft 7) says of the same values; no more than the parser, and less where a pattern can't tell.
boost::json::object schema_of(const ValueRule& rule);

bool is_label(std::string_view text);
bool is_device_name(std::string_view text);
// "256M", "1G", or a number of MiB; none for anything else, and for what is not from 32 MiB to 1 TiB.
std::optional<std::uint32_t> parse_memory_mib(std::string_view text);
std::optional<std::uint32_t> parse_number(std::string_view text);

// What was found, for a message.
std::string describe(const YamlNode& node);

}  // namespace weft::topology
