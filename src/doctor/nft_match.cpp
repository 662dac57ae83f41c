#include "doctor/nft_match.hpp"

#include <fmt/format.h>

#include "doctor/packet_match.hpp"

namespace weft::doctor {
namespace {

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// What an expression names in the packet.
PacketField field_of(const json::value& left) {
  const auto* object = left.if_object();
  if (object == nullptr) return PacketField::unknown;
  if (const auto* meta = object->if_contains("meta"); meta != nullptr && meta->is_object()) {
    const auto key = text_at(meta->as_object(), "key");
    if (key == "l4proto") return PacketField::protocol;
    if (key == "iif" || key == "iifname") return PacketField::in_device;
    if (key == "oif" || key == "oifname") return PacketField::out_device;
    if (key == "nfproto" || key == "protocol") return PacketField::family;
    return key == "pkttype" ? PacketField::destination_kind : PacketField::unknown;
  }
  if (const auto* ct = object->if_contains("ct"); ct != nullptr && ct->is_object()) {
    return text_at(ct->as_object(), "key") == "state" ? PacketField::connection_state : PacketField::unknown;
  }
  const auto* payload = object->if_contains("payload");
  if (payload == nullptr || !payload->is_object()) return PacketField::unknown;
  const auto protocol = text_at(payload->as_object(), "protocol");
  const auto field = text_at(payload->as_object(), "field");
  if (protocol == "ip" || protocol == "ip6") {
    if (field == "protocol" || field == "nexthdr") return PacketField::protocol;
    if (field == "daddr") return protocol == "ip" ? PacketField::destination4 : PacketField::destination6;
    if (field == "saddr") return protocol == "ip" ? PacketField::source4 : PacketField::source6;
    return PacketField::unknown;
  }
  if (protocol == "udp" || protocol == "th") {
    return field == "dport" ? PacketField::destination_port : PacketField::unknown;
  }
  const bool is_other_protocol = protocol == "tcp" || protocol == "icmp" || protocol == "icmpv6" ||
                                 protocol == "sctp" || protocol == "dccp" || protocol == "udplite" ||
                                 protocol == "esp" || protocol == "ah";
  return is_other_protocol ? PacketField::of_another_protocol : PacketField::unknown;
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

// "10.0.0.0/8", "4000-5000", or the value itself.
std::string words_of_value(const json::value& value) {
  const auto* object = value.if_object();
  if (object == nullptr) return text_of(value);
  if (const auto* prefix = object->if_contains("prefix"); prefix != nullptr && prefix->is_object()) {
    const auto* length = prefix->as_object().if_contains("len");
    return fmt::format("{}/{}", text_at(prefix->as_object(), "addr"), length != nullptr ? text_of(*length) : "");
  }
  if (const auto* range = object->if_contains("range");
      range != nullptr && range->is_array() && range->as_array().size() == 2) {
    return fmt::format("{}-{}", text_of(range->as_array()[0]), text_of(range->as_array()[1]));
  }
  if (const auto* element = object->if_contains("elem"); element != nullptr && element->is_object()) {
    const auto* inner = element->as_object().if_contains("val");  // Beside a timeout, or a counter.
    if (inner != nullptr && !inner->is_object()) return text_of(*inner);
  }
  if (const auto* set = object->if_contains("set"); set != nullptr && set->is_array()) {
    std::vector<std::string> words;
    for (const auto& one : set->as_array()) words.push_back(words_of_value(one));
    return fmt::format("{{ {} }}", fmt::join(words, ", "));
  }
  return json::serialize(value);
}

std::string words_of_left(const json::value& left) {
  const auto* object = left.if_object();
  if (object == nullptr) return text_of(left);
  for (const auto* kind : {"meta", "ct", "payload"}) {
    const auto* found = object->if_contains(kind);
    if (found == nullptr || !found->is_object()) continue;
    const auto& inner = found->as_object();
    if (std::string_view(kind) == "payload") {
      return fmt::format("{} {}", text_at(inner, "protocol"), text_at(inner, "field"));
    }
    return fmt::format("{} {}", kind, text_at(inner, "key"));
  }
  return json::serialize(left);
}

}  // namespace

Applies NftMatcher::compare(const json::value& left, const json::value& right) const {
  const auto field = field_of(left);
  const auto among = [&](const json::array& values) {
    auto answer = Applies::no;
    for (const auto& value : values) answer = answer || compare_field(packet_, field, words_of_value(value));
    return answer;
  };
  if (const auto* text = right.if_string(); text != nullptr && text->starts_with('@')) {
    const auto set = sets_.find(std::string(std::string_view(*text).substr(1)));
    return set != sets_.end() && set->second.is_array() ? among(set->second.as_array()) : Applies::perhaps;
  }
  if (const auto* list = right.if_array()) return among(*list);
  if (const auto* object = right.if_object()) {
    if (const auto* set = object->if_contains("set"); set != nullptr && set->is_array()) return among(set->as_array());
  }
  return compare_field(packet_, field, words_of_value(right));
}

Applies NftMatcher::applies(const json::object& match) const {
  const auto* left = match.if_contains("left");
  const auto* right = match.if_contains("right");
  if (left == nullptr || right == nullptr) return Applies::perhaps;
  const auto operation = text_at(match, "op");
  if (operation == "==" || operation == "in") return compare(*left, *right);
  if (field_of(*left) == PacketField::of_another_protocol) return Applies::no;
  return operation == "!=" ? !compare(*left, *right) : Applies::perhaps;
}

std::string NftMatcher::words_of(const json::array& statements) const {
  std::string words;
  for (const auto& value : statements) {
    const auto* statement = value.if_object();
    if (statement == nullptr || statement->empty()) continue;
    const auto& [kind, inner] = *statement->begin();
    if (!words.empty()) words += ' ';
    if (kind != "match" || !inner.is_object()) {
      words += kind;
      continue;
    }
    const auto& match = inner.as_object();
    const auto* left = match.if_contains("left");
    const auto* right = match.if_contains("right");
    if (left != nullptr) words += words_of_left(*left);
    if (text_at(match, "op") == "!=") words += " !=";
    if (right != nullptr) words += " " + words_of_value(*right);
  }
  return words;
}

}  // namespace weft::doctor
