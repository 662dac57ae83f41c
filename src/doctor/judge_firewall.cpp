// Whether the host's firewall lets the tunnels' packets through.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/iptables_rules.hpp"
#include "doctor/judge.hpp"
#include "doctor/nft_ruleset.hpp"

namespace weft::doctor {
namespace {

std::vector<TunnelPacket> packets_to_try(const UnderlayFacts& underlay, const Question& question) {
  const bool is_ipv6 = question.group && !question.group->is_v4();
  TunnelPacket packet{.device = underlay.device, .is_ipv6 = is_ipv6, .udp_port = question.udp_port};
  std::vector<TunnelPacket> packets;
  for (const auto& own : underlay.addresses) {
    if (own.is_v4() == is_ipv6) continue;
    packet.destination = own;
    packets.push_back(packet);
    break;
  }
  if (packets.empty()) packets.push_back(packet);
  if (question.group) {
    packet.destination = *question.group;
    packets.push_back(packet);
  }
  packet.is_incoming = false;
  packets.push_back(packet);  // To the group, or to somebody.
  return packets;
}

// The command that lets the packet through, by whatever keeps the rule.
std::string cure_for(const FirewallOutcome& outcome, const TunnelPacket& packet) {
  const auto port = packet.udp_port;
  if (outcome.place.contains(" firewalld ")) return fmt::format("firewall-cmd --add-port={}/udp", port);
  if (outcome.place.contains(" ufw")) {
    return fmt::format("ufw allow {}{}/udp", packet.is_incoming ? "" : "out ", port);
  }
  if (outcome.place.starts_with("ip6tables") || outcome.place.starts_with("iptables")) {
    const auto tool = outcome.place.substr(0, outcome.place.find(' '));
    const auto rest = outcome.place.substr(tool.size() + 1);
    const auto space = rest.find(' ');
    return fmt::format("{} -t {} -I {} -p udp --dport {} -j ACCEPT", tool, rest.substr(0, space),
                       rest.substr(space + 1), port);
  }
  return fmt::format("nft insert rule {} udp dport {} accept", outcome.place, port);
}

std::string detail_of(const FirewallOutcome& outcome, const TunnelPacket& packet) {
  const auto where = packet.destination.is_unspecified() ? std::string() : " to " + packet.destination.to_string();
  auto text =
      fmt::format("{} {} what {} by UDP port {}{}", outcome.place, outcome.drops == Applies::yes ? "drops" : "may drop",
                  packet.is_incoming ? "comes" : "leaves", packet.udp_port, where);
  return outcome.rule.empty() ? text + ", by its policy" : fmt::format("{}: {}", text, outcome.rule);
}

FirewallOutcome worse(FirewallOutcome one, FirewallOutcome other) { return other.drops > one.drops ? other : one; }

Finding judge_bridge_calls(const FirewallFacts& facts) {
  const bool has_forward_policy =
      facts.iptables && (facts.iptables->contains(":FORWARD DROP") || facts.iptables->contains(":FORWARD REJECT"));
  if (!facts.bridge_calls_iptables || *facts.bridge_calls_iptables == 0) {
    return {Severity::ok, "firewall", "br_netfilter", "frames within a Linux bridge pass no firewall", ""};
  }
  if (!has_forward_policy) {
    return {Severity::ok, "firewall", "br_netfilter", "frames within a Linux bridge pass iptables, which forwards them",
            ""};
  }
  return {Severity::warning, "firewall", "br_netfilter",
          "frames within a Linux bridge pass iptables, whose FORWARD policy drops them; Weft's own bridges are not "
          "affected",
          "sysctl -w net.bridge.bridge-nf-call-iptables=0"};
}

}  // namespace

Findings judge_firewall(const FirewallFacts& facts, const UnderlayFacts& underlay, const Question& question) {
  if (!question.wants_underlay) return {};
  Findings findings;
  if (!facts.nft && !facts.iptables) {
    findings.push_back({Severity::warning, "firewall", "rules",
                        "could not be looked at: neither nft nor iptables-save works", "apt install nftables"});
    findings.push_back(judge_bridge_calls(facts));
    return findings;
  }
  for (const auto& packet : packets_to_try(underlay, question)) {
    FirewallOutcome outcome;
    const auto& iptables = packet.is_ipv6 ? facts.ip6tables : facts.iptables;
    if (iptables) outcome = judge_packet(read_iptables(*iptables, packet));
    if (facts.nft) {
      const auto rules = read_nft_ruleset(*facts.nft, packet, iptables.has_value());
      if (rules) outcome = worse(outcome, judge_packet(*rules));
    }
    if (outcome.drops == Applies::no) continue;
    auto cure = cure_for(outcome, packet);
    // One rule that lets all of them in is said once.
    if (std::ranges::find(findings, cure, &Finding::cure) != findings.end()) continue;
    findings.push_back({outcome.drops == Applies::yes ? Severity::problem : Severity::warning, "firewall", "rules",
                        detail_of(outcome, packet), std::move(cure)});
  }
  if (findings.empty()) {
    findings.push_back({Severity::ok, "firewall", "rules", fmt::format("UDP port {} passes", question.udp_port), ""});
  }
  findings.push_back(judge_bridge_calls(facts));
  return findings;
}

}  // namespace weft::doctor
