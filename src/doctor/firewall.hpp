// What a firewall would do with a tunnel's packet: chains and rules, each already compared with that packet. It
// is compared with three answers, since much is not known here: who sends, which marks and sets there are.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "wire/ip_address.hpp"

namespace weft::doctor {

// The packet in question: UDP to the tunnels' port.
struct TunnelPacket {
  bool is_incoming = true;
  std::string device = {};     // By which it comes or leaves; empty: not known.
  IpAddress destination = {};  // The group, or this host (when it leaves: the other one); unspecified: not known.
  bool is_ipv6 = false;
  std::uint16_t udp_port = 4789;
};

enum class Applies : std::uint8_t { no, perhaps, yes };
Applies operator!(Applies answer);
Applies operator&&(Applies one, Applies other);  // Both are needed.
Applies operator||(Applies one, Applies other);  // One is enough.

enum class Verdict : std::uint8_t { none, accept, drop, jump, go_to, give_back };

struct FirewallRule {
  Applies applies = Applies::yes;
  Verdict verdict = Verdict::none;
  std::string target = {};  // Of jump and go_to.
  std::string text = {};    // For people.
};

struct FirewallChain {
  std::string place = {};  // "inet filter input", "iptables INPUT"
  bool is_base = false;    // Packets like ours come to it.
  bool drops_by_policy = false;
  std::vector<FirewallRule> rules = {};
};

// By table and name; `target`s name chains of the same table.
using FirewallTable = std::map<std::string, FirewallChain>;
using Firewall = std::vector<FirewallTable>;

struct FirewallOutcome {
  Applies drops = Applies::no;
  std::string place = {};  // The chain that drops,
  std::string rule = {};   // and the rule; empty: the policy.

  bool operator==(const FirewallOutcome&) const = default;
};

// What may drop the packet: the surest.
FirewallOutcome judge_packet(const Firewall& firewall);

// The rules of the kernel allow no more (NFT_JUMP_STACK_SIZE); deeper jumps, which a file may have, are not followed.
inline constexpr int chain_depth_max = 16;
// Nor are more rules looked at than this in all, jumps counted each time.
inline constexpr int rules_looked_at_max = 100'000;

}  // namespace weft::doctor
