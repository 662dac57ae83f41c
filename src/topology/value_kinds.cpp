#include "topology/value_kinds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ranges>

#include "wire/ip_address.hpp"
#include "wire/mac_address.hpp"
#include "wire/subnet.hpp"

namespace weft::topology {
namespace {

namespace json = boost::json;

constexpr std::size_t label_bytes_max = 40;
constexpr std::size_t device_bytes_max = 15;  // IFNAMSIZ without its end.
constexpr std::size_t quoted_bytes_max = 60;  // Of what was found, in a message.

bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_word_character(char c) { return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_any(std::string_view) { return true; }
bool is_address4(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address && address->is_v4();
}
bool is_address6(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address && !address->is_v4();
}
bool is_address(std::string_view text) { return IpAddress::parse(text).has_value(); }
bool is_subnet4(std::string_view text) {
  const auto subnet = Subnet::parse(text);
  return subnet && subnet->is_v4();
}
bool is_subnet6(std::string_view text) {
  const auto subnet = Subnet::parse(text);
  return subnet && !subnet->is_v4();
}
bool is_interface_address(std::string_view text) { return is_address(text) || InterfaceAddress::parse(text); }
bool is_unicast_mac(std::string_view text) {
  const auto mac = MacAddress::parse(text);
  return mac && !mac->is_multicast() && !mac->is_zero();
}
bool is_multicast(std::string_view text) {
  const auto address = IpAddress::parse(text);
  return address && address->is_multicast();
}
bool is_container_address(std::string_view text) { return text == "dhcp" || is_address4(text); }
bool is_memory(std::string_view text) { return parse_memory_mib(text).has_value(); }
bool is_filled(std::string_view text) { return !text.empty(); }
bool is_sha256(std::string_view text) {
  return text.size() == 64 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}
// What begins with "-" would be an option of ssh(1).
bool is_ssh_target(std::string_view text) {
  return !text.empty() && text.front() != '-' &&
         std::ranges::none_of(text, [](char c) { return c <= ' ' || c == '\x7f'; });
}
bool is_link_end(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && is_label(text.substr(0, colon)) && is_device_name(text.substr(colon + 1));
}

// Of kinds whose values are one text. `pattern`: ECMA 262, all the schema can say; "" for nothing. `is_loose`: YAML may
// take it for a number or a truth value, which are fine too.
struct TextKind {
  ValueKind kind;
  std::string_view expected;
  bool (*fits)(std::string_view);
  std::string_view pattern;
  bool is_loose;
};

constexpr std::string_view four_pattern = R"(^[0-9]{1,3}(\.[0-9]{1,3}){3}$)";
constexpr std::string_view six_pattern = "^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$";

constexpr auto text_kinds = std::to_array<TextKind>({
    {ValueKind::label, "a name: lower case letters, digits and hyphens, 40 at most", is_label,
     "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", true},
    {ValueKind::device, "a device's name: letters, digits, \".\", \"_\" and \"-\", 15 at most", is_device_name,
     R"(^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$)", true},
    {ValueKind::text, "a text", is_any, "", true},
    {ValueKind::address4, "an IPv4 address like 192.168.100.11", is_address4, four_pattern, false},
    {ValueKind::address6, "an IPv6 address like fd00::11", is_address6, six_pattern, false},
    {ValueKind::any_address, "an IP address", is_address, R"(^[0-9a-fA-F:.]+$)", false},
    {ValueKind::subnet4, "an IPv4 subnet like 192.168.100.0/24", is_subnet4,
     R"(^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$)", false},
    {ValueKind::subnet6, "an IPv6 subnet like fd00::/64", is_subnet6, "^[0-9a-fA-F:]*:[0-9a-fA-F:.]*/[0-9]{1,3}$",
     false},
    {ValueKind::interface, "an address with its prefix length, like 10.0.0.1/24", is_interface_address,
     R"(^[0-9a-fA-F:.]+(/[0-9]{1,3})?$)", false},
    {ValueKind::mac, "the MAC address of one device, like 02:00:00:00:00:01", is_unicast_mac,
     "^[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$", false},
    {ValueKind::multicast, "a multicast address: 224.0.0.0 to 239.255.255.255, or ff00::/8", is_multicast,
     R"(^([fF][fF][0-9a-fA-F:.]+|2[23][0-9](\.[0-9]{1,3}){3})$)", false},
    {ValueKind::container_address, "an IPv4 address like 192.168.100.11, or dhcp", is_container_address,
     R"(^(dhcp|[0-9]{1,3}(\.[0-9]{1,3}){3})$)", false},
    {ValueKind::memory, "an amount of memory like 256M or 1G, from 32M to 1024G", is_memory, "^[0-9]+ ?([MG](i?B)?)?$",
     true},
    {ValueKind::url_or_path, "a path or a URL", is_filled, "^.", false},
    {ValueKind::sha256, "64 hexadecimal digits, as sha256sum prints them", is_sha256, "^[0-9a-fA-F]{64}$", true},
    {ValueKind::ssh_target, "user@address, or ssh://user@address:port", is_ssh_target, R"(^[^-\s]\S*$)", false},
    {ValueKind::link_end, "a host and its device, like host1:eth0", is_link_end,
     R"(^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$)", false},
});

const TextKind* text_kind(ValueKind kind) {
  const auto* found = std::ranges::find(text_kinds, kind, &TextKind::kind);
  return found == text_kinds.end() ? nullptr : found;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto word : std::views::split(text, ' ')) words.emplace_back(word.begin(), word.end());
  return words;
}

std::string expected_of(const ValueRule& rule) {
  switch (rule.kind) {
    case ValueKind::yes_no:
      return "true or false";
    case ValueKind::number:
      return fmt::format("a number from {} to {}", rule.min, rule.max);
    case ValueKind::choice:
      return fmt::format("one of {}", fmt::join(words_of(rule.choices), ", "));
    case ValueKind::environment:
      return "a mapping of variables, or a list of NAME=VALUE";
    default:
      return std::string(text_kind(rule.kind)->expected);
  }
}

bool is_fitting_scalar(const ValueRule& rule, const YamlNode& node) {
  if (node.kind != YamlNode::Kind::scalar) return false;
  switch (rule.kind) {
    case ValueKind::yes_no:
      return !node.is_quoted && (node.text == "true" || node.text == "false");
    case ValueKind::number: {
      const auto number = parse_number(node.text);
      return !node.is_quoted && number && *number >= rule.min && *number <= rule.max;
    }
    case ValueKind::choice: {
      const auto choices = words_of(rule.choices);
      return std::ranges::find(choices, node.text) != choices.end();
    }
    case ValueKind::environment:
      return false;
    default:
      return text_kind(rule.kind)->fits(node.text);
  }
}

bool is_variable_name(std::string_view text) {
  return !text.empty() && !(text.front() >= '0' && text.front() <= '9') && std::ranges::all_of(text, is_word_character);
}

std::optional<Misfit> find_environment_misfit(const ValueRule& rule, const YamlNode& node) {
  const auto misfit = [&](const YamlNode& wrong) { return Misfit{wrong.place, describe(wrong), expected_of(rule)}; };
  if (node.kind == YamlNode::Kind::mapping) {
    for (const auto& [key, place, value] : node.entries) {
      if (!is_variable_name(key)) return Misfit{place, fmt::format("\"{}\"", key), "the name of a variable"};
      if (value->kind != YamlNode::Kind::scalar)
        return Misfit{value->place, describe(*value), "the text of a variable"};
    }
    return std::nullopt;
  }
  if (node.kind != YamlNode::Kind::list) return misfit(node);
  for (const auto& item : node.items) {
    if (item->kind != YamlNode::Kind::scalar) return misfit(*item);
    const auto equals = item->text.find('=');
    if (equals == std::string::npos || !is_variable_name(item->text.substr(0, equals))) return misfit(*item);
  }
  return std::nullopt;
}

json::object scalar_schema(const ValueRule& rule) {
  switch (rule.kind) {
    case ValueKind::yes_no:
      return {{"type", "boolean"}};
    case ValueKind::number:
      return {{"type", "integer"}, {"minimum", rule.min}, {"maximum", rule.max}};
    case ValueKind::choice: {
      json::array choices;
      for (const auto word : words_of(rule.choices)) choices.emplace_back(word);
      return {{"enum", std::move(choices)}};
    }
    case ValueKind::environment: {
      const json::array plain = {"string", "number", "boolean"};
      const json::object by_name = {{"type", "object"},
                                    {"propertyNames", {{"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}}},
                                    {"additionalProperties", {{"type", plain}}}};
      const json::object listed = {{"type", "array"},
                                   {"items", {{"type", "string"}, {"pattern", "^[A-Za-z_][A-Za-z0-9_]*="}}}};
      return {{"oneOf", json::array{by_name, listed}}};
    }
    default:
      break;
  }
  const auto& kind = *text_kind(rule.kind);
  json::object schema = {{"type", "string"}};
  if (kind.is_loose) schema["type"] = json::array{"string", "number", "boolean"};
  if (!kind.pattern.empty()) schema["pattern"] = kind.pattern;
  return schema;
}

}  // namespace

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= label_bytes_max && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_device_name(std::string_view text) {
  return !text.empty() && text.size() <= device_bytes_max && text.front() != '-' && text.front() != '.' &&
         std::ranges::all_of(text, [](char c) { return is_word_character(c) || c == '-' || c == '.'; });
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

std::optional<std::uint32_t> parse_memory_mib(std::string_view text) {
  constexpr std::uint32_t mib_min = 32, mib_max = 1024 * 1024;
  const auto unit_at = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_number(text.substr(0, unit_at));
  auto unit = text.substr(unit_at);
  if (unit.starts_with(' ')) unit.remove_prefix(1);
  const bool is_mib = unit.empty() || unit == "M" || unit == "MB" || unit == "MiB";
  const bool is_gib = unit == "G" || unit == "GB" || unit == "GiB";
  if (!number || (!is_mib && !is_gib) || *number > mib_max) return std::nullopt;
  const auto mib = std::uint64_t{*number} * (is_gib ? 1024 : 1);
  if (mib < mib_min || mib > mib_max) return std::nullopt;
  return static_cast<std::uint32_t>(mib);
}

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::mapping:
      return "a mapping";
    case YamlNode::Kind::scalar:
      break;
  }
  auto text = node.text.substr(0, quoted_bytes_max);
  if (text.size() < node.text.size()) text += "...";
  return node.is_quoted ? fmt::format("the text \"{}\"", text) : fmt::format("\"{}\"", text);
}

std::optional<Misfit> find_misfit(const ValueRule& rule, const YamlNode& node) {
  if (rule.kind == ValueKind::environment) return find_environment_misfit(rule, node);
  const auto misfit = [&](const YamlNode& wrong) -> std::optional<Misfit> {
    if (is_fitting_scalar(rule, wrong)) return std::nullopt;
    return Misfit{wrong.place, describe(wrong), expected_of(rule)};
  };
  if (rule.many == Many::no || node.kind != YamlNode::Kind::list) return misfit(node);
  for (const auto& item : node.items) {
    if (auto found = misfit(*item)) return found;
  }
  return std::nullopt;
}

json::object schema_of(const ValueRule& rule) {
  auto one = scalar_schema(rule);
  if (rule.many == Many::no) return one;
  const json::object list = {{"type", "array"}, {"items", one}};
  return {{"oneOf", json::array{std::move(one), list}}};
}

}  // namespace weft::topology
