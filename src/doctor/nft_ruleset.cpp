#include "doctor/nft_ruleset.hpp"

#include <fmt/format.h>

#include <array>
#include <set>

#include "base/json.hpp"
#include "doctor/nft_match.hpp"

namespace weft::doctor {
namespace {

using TableKey = std::pair<std::string, std::string>;  // Family and name.

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

TableKey table_of(const json::object& object) { return {text_at(object, "family"), text_at(object, "table")}; }

// iptables-nft(8) keeps its chains under the names that they have always had.
bool is_of_iptables(const json::object& chain) {
  static const std::set<std::string> names = {"INPUT", "OUTPUT", "PREROUTING", "POSTROUTING", "FORWARD"};
  const auto family = text_at(chain, "family");
  return (family == "ip" || family == "ip6") && names.contains(text_at(chain, "name"));
}

bool comes_by(const json::object& chain, const TunnelPacket& packet) {
  const auto family = text_at(chain, "family");
  if (family != "inet" && family != "netdev" && family != (packet.is_ipv6 ? "ip6" : "ip")) return false;
  const auto hook = text_at(chain, "hook");
  if (hook == "ingress") {
    const auto device = text_at(chain, "dev");
    return packet.is_incoming && (device.empty() || packet.device.empty() || device == packet.device);
  }
  return packet.is_incoming ? hook == "prerouting" || hook == "input" : hook == "output" || hook == "postrouting";
}

struct Verb {
  std::string_view name = {};
  Verdict verdict = Verdict::none;
};
constexpr std::array<Verb, 8> verbs = {{{"accept", Verdict::accept},
                                        {"drop", Verdict::drop},
                                        {"reject", Verdict::drop},
                                        {"return", Verdict::give_back},
                                        {"jump", Verdict::jump},
                                        {"goto", Verdict::go_to},
                                        {"tproxy", Verdict::accept},
                                        {"queue", Verdict::accept}}};

// A verdict statement; Verdict::none where it is none.
FirewallRule read_verdict(const json::object& statement) {
  for (const auto& verb : verbs) {
    const auto* found = statement.if_contains(verb.name);
    if (found == nullptr) continue;
    const auto* jump = found->if_object();
    return {.verdict = verb.verdict, .target = jump != nullptr ? text_at(*jump, "target") : std::string()};
  }
  // Of iptables-nft, opaque but for its name.
  if (const auto* foreign = statement.if_contains("xt"); foreign != nullptr && foreign->is_object()) {
    const auto name = text_at(foreign->as_object(), "name");
    if (name == "REJECT" || name == "DROP") return {.verdict = Verdict::drop};
  }
  return {};
}

// A map of verdicts by value: one rule for each element, as they exclude each other.
void add_verdict_map(const json::object& statement, Applies applies, const NftMatcher& matcher, const std::string& text,
                     std::vector<FirewallRule>& rules) {
  const auto* key = statement.if_contains("key");
  const auto* data = statement.if_contains("data");
  const auto* set = data != nullptr && data->is_object() ? data->as_object().if_contains("set") : nullptr;
  if (key == nullptr || set == nullptr || !set->is_array()) return;
  for (const auto& element : set->as_array()) {
    const auto* pair = element.if_array();
    if (pair == nullptr || pair->size() != 2 || !(*pair)[1].is_object()) continue;
    auto rule = read_verdict((*pair)[1].as_object());
    rule.applies = applies && matcher.compare(*key, (*pair)[0]);
    rule.text = text;
    rules.push_back(std::move(rule));
  }
}

void add_rule(const json::object& rule, const NftMatcher& matcher, std::vector<FirewallRule>& rules) {
  const auto* expressions = rule.if_contains("expr");
  if (expressions == nullptr || !expressions->is_array()) return;
  const auto text = matcher.words_of(expressions->as_array());
  auto applies = Applies::yes;
  for (const auto& expression : expressions->as_array()) {
    const auto* statement = expression.if_object();
    if (statement == nullptr) continue;
    if (const auto* match = statement->if_contains("match"); match != nullptr && match->is_object()) {
      applies = applies && matcher.applies(match->as_object());
    } else if (statement->contains("limit") || statement->contains("ct count")) {
      applies = applies && Applies::perhaps;
    } else if (const auto* map = statement->if_contains("vmap"); map != nullptr && map->is_object()) {
      add_verdict_map(map->as_object(), applies, matcher, text, rules);
    } else if (auto verdict = read_verdict(*statement); verdict.verdict != Verdict::none) {
      verdict.applies = applies;
      verdict.text = text;
      rules.push_back(std::move(verdict));
    } else if (const auto* foreign = statement->if_contains("xt");
               foreign != nullptr && foreign->is_object() && text_at(foreign->as_object(), "type") == "match") {
      applies = applies && Applies::perhaps;
    }
  }
}

}  // namespace

Result<Firewall> read_nft_ruleset(std::string_view text, const TunnelPacket& packet, bool leaves_out_iptables) {
  const auto list = TRY(parse_json(text));
  const auto* top = list.if_object();
  const auto* objects = top != nullptr ? top->if_contains("nftables") : nullptr;
  if (objects == nullptr || !objects->is_array()) {
    return fail("protocol error", "\"nft -j list ruleset\" printed no list of rules");
  }
  // Sets may be named before they are told; so they are read first.
  std::map<TableKey, NftMatcher> matchers;
  const auto for_each = [&](std::string_view kind, const auto& take) {
    for (const auto& value : objects->as_array()) {
      const auto* object = value.if_object();
      const auto* found = object != nullptr ? object->if_contains(kind) : nullptr;
      if (found != nullptr && found->is_object()) take(found->as_object());
    }
  };
  const auto matcher_of = [&](const json::object& object) -> NftMatcher& {
    return matchers.try_emplace(table_of(object), packet).first->second;
  };
  for_each("set", [&](const json::object& set) {
    if (const auto* elements = set.if_contains("elem")) matcher_of(set).add_set(text_at(set, "name"), *elements);
  });
  std::map<TableKey, FirewallTable> tables;
  std::set<TableKey> left_out;
  for_each("chain", [&](const json::object& chain) {
    if (leaves_out_iptables && is_of_iptables(chain)) left_out.insert(table_of(chain));
    const auto name = text_at(chain, "name");
    tables[table_of(chain)][name] = {
        .place = fmt::format("{} {} {}", text_at(chain, "family"), text_at(chain, "table"), name),
        .is_base = chain.contains("hook") && text_at(chain, "type") == "filter" && comes_by(chain, packet),
        .drops_by_policy = text_at(chain, "policy") == "drop"};
  });
  for_each("rule", [&](const json::object& rule) {
    auto& table = tables[table_of(rule)];
    if (const auto chain = table.find(text_at(rule, "chain")); chain != table.end()) {
      add_rule(rule, matcher_of(rule), chain->second.rules);
    }
  });
  Firewall firewall;
  for (auto& [key, table] : tables) {
    if (!left_out.contains(key)) firewall.push_back(std::move(table));
  }
  return firewall;
}

}  // namespace weft::doctor
