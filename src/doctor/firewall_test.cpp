// Rules as nft and iptables-save printed them, and what becomes of a tunnel's packet.
#include "doctor/firewall.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "doctor/iptables_rules.hpp"
#include "doctor/nft_ruleset.hpp"

namespace weft::doctor {
namespace {

TunnelPacket incoming() {
  return {.is_incoming = true, .device = "eth0", .destination = *IpAddress::parse("239.0.0.1")};
}

// A table "inet filter" with the chain "input", which drops by policy if `policy` says so, and "other".
FirewallOutcome nft(std::string_view policy, std::string_view rules, const TunnelPacket& packet = incoming(),
                    std::string_view other = "", std::string_view sets = "") {
  std::string objects;
  const auto add = [&](std::string_view chain, std::string_view expressions) {
    std::size_t begin = 0;
    while (begin < expressions.size()) {
      const auto end = std::min(expressions.find('\n', begin), expressions.size());
      objects += fmt::format(R"(,{{"rule": {{"family": "inet", "table": "filter", "chain": "{}", "expr": [{}]}}}})",
                             chain, expressions.substr(begin, end - begin));
      begin = end + 1;
    }
  };
  add("input", rules);
  add("other", other);
  const auto text = fmt::format(
      R"({{"nftables": [{{"metainfo": {{"version": "1.0.6"}}}}, {{"table": {{"family": "inet", "name": "filter"}}}},
      {{"chain": {{"family": "inet", "table": "filter", "name": "input", "type": "filter", "hook": "input", "prio": 0,
                   "policy": "{}"}}}},
      {{"chain": {{"family": "inet", "table": "filter", "name": "other"}}}}{}{}]}})",
      policy, sets, objects);
  return judge_packet(read_nft_ruleset(text, packet, false).value());
}

constexpr auto accept_port =
    R"({"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": {"set": [53, 4789]}}}, {"accept": null})";
constexpr auto drop_range =
    R"({"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": {"range": [4000, 5000]}}}, {"counter": {"packets": 0, "bytes": 0}}, {"drop": null})";
constexpr auto accept_ssh =
    R"({"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 22}}, {"accept": null})";
constexpr auto accept_established =
    R"({"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}}, {"accept": null})";
constexpr auto drop_from_ten =
    R"({"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": {"prefix": {"addr": "10.0.0.0", "len": 8}}}}, {"match": {"op": "==", "left": {"meta": {"key": "l4proto"}}, "right": "udp"}}, {"drop": null})";

TEST(NftRuleset, lets_through_what_nothing_stops) {
  EXPECT_EQ(nft("accept", accept_ssh).drops, Applies::no);
  EXPECT_EQ(nft("drop", fmt::format("{}\n{}\n{}", accept_established, accept_ssh, accept_port)).drops, Applies::no);
}

TEST(NftRuleset, drops_by_policy_what_nothing_accepts) {
  const auto outcome = nft("drop", fmt::format("{}\n{}", accept_established, accept_ssh));
  EXPECT_EQ(outcome, (FirewallOutcome{Applies::yes, "inet filter input", ""}));
}

TEST(NftRuleset, names_the_rule_that_drops) {
  const auto outcome = nft("accept", drop_range);
  EXPECT_EQ(outcome, (FirewallOutcome{Applies::yes, "inet filter input", "udp dport 4000-5000 counter drop"}));
}

TEST(NftRuleset, stops_at_the_first_verdict) {
  EXPECT_EQ(nft("drop", fmt::format("{}\n{}", accept_port, drop_range)).drops, Applies::no);
}

TEST(NftRuleset, does_not_know_who_sends) { EXPECT_EQ(nft("accept", drop_from_ten).drops, Applies::perhaps); }

TEST(NftRuleset, tells_devices_and_groups_apart) {
  const auto rule = [](std::string_view device, std::string_view group) {
    return fmt::format(
        R"({{"match": {{"op": "==", "left": {{"meta": {{"key": "iifname"}}}}, "right": "{}"}}}}, {{"match": {{"op": "==", "left": {{"payload": {{"protocol": "ip", "field": "daddr"}}}}, "right": {{"prefix": {{"addr": "{}", "len": 8}}}}}}}}, {{"reject": null}})",
        device, group);
  };
  EXPECT_EQ(nft("accept", rule("eth0", "239.0.0.0")).drops, Applies::yes);
  EXPECT_EQ(nft("accept", rule("eth*", "239.0.0.0")).drops, Applies::yes);
  EXPECT_EQ(nft("accept", rule("eth1", "239.0.0.0")).drops, Applies::no);
  EXPECT_EQ(nft("accept", rule("eth0", "224.0.0.0")).drops, Applies::no);
}

TEST(NftRuleset, follows_jumps_and_comes_back) {
  constexpr auto jump = R"({"jump": {"target": "other"}})";
  EXPECT_EQ(nft("drop", jump, incoming(), accept_port).drops, Applies::no);
  EXPECT_EQ(nft("accept", jump, incoming(), drop_range).place, "inet filter other");
  EXPECT_EQ(nft("accept", jump, incoming(), fmt::format("{}\n{}", R"({"return": null})", drop_range)).drops,
            Applies::no);
  EXPECT_EQ(nft("drop", R"({"goto": {"target": "other"}})", incoming(), accept_ssh).drops, Applies::yes);
}

TEST(NftRuleset, follows_no_chain_for_ever) {
  constexpr auto round = R"({"jump": {"target": "other"}})";
  EXPECT_NE(nft("drop", round, incoming(), fmt::format("{}\n{}", round, round)).drops, Applies::no);
}

TEST(NftRuleset, looks_into_sets_and_maps_of_verdicts) {
  constexpr auto in_set =
      R"({"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": "@closed"}}, {"drop": null})";
  constexpr auto set =
      R"(,{"set": {"family": "inet", "table": "filter", "name": "closed", "elem": [22, {"range": [4700, 4800]}]}})";
  EXPECT_EQ(nft("accept", in_set, incoming(), "", set).drops, Applies::yes);
  EXPECT_EQ(nft("accept", in_set).drops, Applies::perhaps);
  constexpr auto map =
      R"({"vmap": {"key": {"payload": {"protocol": "udp", "field": "dport"}}, "data": {"set": [[53, {"accept": null}], [4789, {"drop": null}]]}}})";
  EXPECT_EQ(nft("accept", map).drops, Applies::yes);
}

TEST(NftRuleset, minds_what_leaves_only_at_its_hooks) {
  auto packet = incoming();
  packet.is_incoming = false;
  EXPECT_EQ(nft("drop", "", packet).drops, Applies::no);
}

TEST(NftRuleset, refuses_what_is_no_list_of_rules) {
  EXPECT_FALSE(read_nft_ruleset("", incoming(), false));
  EXPECT_FALSE(read_nft_ruleset("[]", incoming(), false));
}

TEST(NftRuleset, leaves_tables_of_iptables_to_iptables) {
  constexpr auto text = R"({"nftables": [
    {"chain": {"family": "ip", "table": "filter", "name": "INPUT", "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}}]})";
  EXPECT_EQ(judge_packet(read_nft_ruleset(text, incoming(), true).value()).drops, Applies::no);
  EXPECT_EQ(judge_packet(read_nft_ruleset(text, incoming(), false).value()).drops, Applies::yes);
}

FirewallOutcome iptables(std::string_view rules, std::string_view policy = "ACCEPT",
                         const TunnelPacket& packet = incoming()) {
  return judge_packet(read_iptables(
      fmt::format("# Generated by iptables-save\n*filter\n:INPUT {} [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
                  ":LOGGING - [0:0]\n{}\nCOMMIT\n",
                  policy, rules),
      packet));
}

TEST(Iptables, drops_by_rule_or_policy) {
  EXPECT_EQ(iptables("-A INPUT -p udp -m udp --dport 4789 -j DROP"),
            (FirewallOutcome{Applies::yes, "iptables filter INPUT", "-A INPUT -p udp -m udp --dport 4789 -j DROP"}));
  EXPECT_EQ(iptables("-A INPUT -p udp -m multiport --dports 53,4000:5000 -j REJECT --reject-with icmp-port-unreachable")
                .drops,
            Applies::yes);
  EXPECT_EQ(iptables("-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "DROP").drops,
            Applies::yes);
  EXPECT_EQ(iptables("-A INPUT -p udp -m udp --dport 4789 -j ACCEPT", "DROP").drops, Applies::no);
}

TEST(Iptables, minds_negation_and_comments) {
  EXPECT_EQ(iptables("-A INPUT ! -i eth0 -j DROP").drops, Applies::no);
  EXPECT_EQ(iptables(R"(-A INPUT ! -p tcp -m comment --comment "no -p udp \" here" -j DROP)").drops, Applies::yes);
}

TEST(Iptables, goes_on_behind_targets_that_end_nothing) {
  EXPECT_EQ(iptables("-A INPUT -j LOG --log-prefix \"in: \"\n-A INPUT -j LOGGING\n-A LOGGING -j RETURN").drops,
            Applies::no);
}

TEST(Iptables, is_unsure_about_modules_that_it_does_not_know) {
  EXPECT_EQ(iptables("-A INPUT -p udp -m recent --update --seconds 60 -j DROP").drops, Applies::perhaps);
}

TEST(Iptables, knows_the_groups_address_kind) {
  EXPECT_EQ(
      iptables("-A INPUT -m addrtype --dst-type LOCAL -j RETURN\n-A INPUT -m addrtype --dst-type MULTICAST -j RETURN\n"
               "-A INPUT -j DROP")
          .drops,
      Applies::no);
}

}  // namespace
}  // namespace weft::doctor
