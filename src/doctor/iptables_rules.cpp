#include "doctor/iptables_rules.hpp"

#include <fmt/format.h>

#include <array>
#include <ranges>

#include "doctor/packet_match.hpp"

namespace weft::doctor {
namespace {

// "a b \"c d\"" as words; quotes are those of comments.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool is_quoted = false, is_inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      is_quoted = !is_quoted;
      if (!is_inside) words.emplace_back();
      is_inside = true;
    } else if (c == ' ' && !is_quoted) {
      is_inside = false;
    } else {
      if (!is_inside) words.emplace_back();
      is_inside = true;
      words.back() += c == '\\' && i + 1 < line.size() ? line[++i] : c;
    }
  }
  return words;
}

struct Option {
  std::string_view name = {};
  PacketField field = PacketField::unknown;
};
constexpr std::array<Option, 16> options = {{{"-p", PacketField::protocol},
                                             {"--protocol", PacketField::protocol},
                                             {"--dport", PacketField::destination_port},
                                             {"--dports", PacketField::destination_port},
                                             {"--destination-port", PacketField::destination_port},
                                             {"--destination-ports", PacketField::destination_port},
                                             {"-i", PacketField::in_device},
                                             {"-o", PacketField::out_device},
                                             {"-s", PacketField::source4},
                                             {"-d", PacketField::destination4},
                                             {"--ctstate", PacketField::connection_state},
                                             {"--state", PacketField::connection_state},
                                             {"--dst-type", PacketField::destination_kind},
                                             {"--pkt-type", PacketField::destination_kind},
                                             {"--dst-range", PacketField::unknown},
                                             {"--src-range", PacketField::unknown}}};

PacketField of_family(PacketField field, bool is_ipv6) {
  if (is_ipv6 && field == PacketField::source4) return PacketField::source6;
  return is_ipv6 && field == PacketField::destination4 ? PacketField::destination6 : field;
}

Applies compare_list(const TunnelPacket& packet, PacketField field, std::string_view list) {
  auto answer = Applies::no;
  for (const auto part : std::views::split(list, ',')) {
    answer = answer || compare_field(packet, field, std::string_view(part.begin(), part.end()));
  }
  return answer;
}

FirewallRule read_target(std::string_view target, bool is_goto) {
  if (target == "ACCEPT") return {.verdict = Verdict::accept};
  if (target == "DROP" || target == "REJECT") return {.verdict = Verdict::drop};
  if (target == "RETURN") return {.verdict = Verdict::give_back};
  return {.verdict = is_goto ? Verdict::go_to : Verdict::jump, .target = std::string(target)};
}

// Modules whose options are all in the table above, or say nothing of a packet.
bool is_known_module(std::string_view name) {
  constexpr std::array<std::string_view, 8> known = {"udp",   "tcp",     "multiport", "conntrack",
                                                     "state", "comment", "addrtype",  "pkttype"};
  return std::ranges::find(known, name) != known.end();
}

FirewallRule read_rule(std::string_view line, const TunnelPacket& packet, const FirewallTable& table) {
  FirewallRule rule;
  auto applies = Applies::yes;
  bool is_negated = false;
  const auto words = words_of(line);
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto& word = words[i];
    const bool has_value = i + 1 < words.size();
    if (word == "!") {
      is_negated = true;
      continue;
    }
    const auto* option = std::ranges::find(options, word, &Option::name);
    if (option != options.end() && has_value) {
      const auto answer = compare_list(packet, of_family(option->field, packet.is_ipv6), words[++i]);
      applies = applies && (is_negated ? !answer : answer);
    } else if ((word == "-j" || word == "-g") && has_value) {
      rule = read_target(words[++i], word == "-g");
      // LOG, MARK and the like end nothing.
      if (!rule.target.empty() && !table.contains(rule.target)) rule = {};
      break;  // What follows are the target's options.
    } else if (word == "-m" && has_value) {
      if (!is_known_module(words[++i])) applies = applies && Applies::perhaps;
    } else if (word == "--comment" && has_value) {
      ++i;
    } else if (word.starts_with("-")) {
      applies = applies && Applies::perhaps;
    }
    is_negated = false;
  }
  rule.applies = applies;
  rule.text = std::string(line);
  return rule;
}

bool is_base(std::string_view table, std::string_view chain, bool is_incoming) {
  if (table == "nat") return false;
  return is_incoming ? chain == "PREROUTING" || chain == "INPUT" : chain == "OUTPUT" || chain == "POSTROUTING";
}

}  // namespace

Firewall read_iptables(std::string_view text, const TunnelPacket& packet) {
  Firewall firewall;
  std::string table;
  for (const auto part : std::views::split(text, '\n')) {
    const std::string_view line(part.begin(), part.end());
    if (line.starts_with('*')) {
      table = line.substr(1);
      firewall.emplace_back();
    }
    if (firewall.empty()) continue;
    const auto words = words_of(line);
    if (line.starts_with(':') && words.size() >= 2) {
      const auto name = words[0].substr(1);
      firewall.back()[name] = {.place = fmt::format("{} {} {}", packet.is_ipv6 ? "ip6tables" : "iptables", table, name),
                               .is_base = is_base(table, name, packet.is_incoming),
                               .drops_by_policy = words[1] == "DROP"};
    } else if (words.size() >= 2 && words[0] == "-A") {
      if (const auto chain = firewall.back().find(words[1]); chain != firewall.back().end()) {
        chain->second.rules.push_back(read_rule(line, packet, firewall.back()));
      }
    }
  }
  return firewall;
}

}  // namespace weft::doctor
