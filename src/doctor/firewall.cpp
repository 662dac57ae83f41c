#include "doctor/firewall.hpp"

#include <algorithm>

namespace weft::doctor {
namespace {

// What is left of a packet that `comes` when `taken` were taken away.
Applies without(Applies comes, Applies taken) {
  if (taken == Applies::yes) return Applies::no;
  return taken == Applies::no ? comes : comes && Applies::perhaps;
}

// Follows the packet through a base chain, and notes what may drop it.
class Walk {
 public:
  explicit Walk(const FirewallTable& table) : table_(table) {}

  FirewallOutcome through(const FirewallChain& base) {
    const auto rest = follow(base, Applies::yes, 0);
    if (base.drops_by_policy) note(rest, base, {});
    return outcome_;
  }

 private:
  // `comes`: whether the packet comes to the chain. Whether it leaves it at the end, or by a rule that gives it back.
  Applies follow(const FirewallChain& chain, Applies comes, int depth) {
    auto here = comes;
    auto given_back = Applies::no;
    for (const auto& rule : chain.rules) {
      if (here == Applies::no || ++looked_at_ > rules_looked_at_max) break;
      const auto taken = here && rule.applies;
      if (taken == Applies::no || rule.verdict == Verdict::none) continue;
      here = without(here, taken);
      if (rule.verdict == Verdict::drop) note(taken, chain, rule.text);
      if (rule.verdict == Verdict::give_back) given_back = given_back || taken;
      if (rule.verdict == Verdict::jump) here = here || follow(rule.target, taken, depth + 1);
      if (rule.verdict == Verdict::go_to) given_back = given_back || follow(rule.target, taken, depth + 1);
    }
    return here || given_back;
  }
  Applies follow(const std::string& name, Applies comes, int depth) {
    const auto chain = table_.find(name);
    const bool is_known = chain != table_.end() && depth < chain_depth_max;
    return is_known ? follow(chain->second, comes, depth) : comes && Applies::perhaps;
  }

  void note(Applies drops, const FirewallChain& chain, const std::string& rule) {
    if (drops > outcome_.drops) outcome_ = {.drops = drops, .place = chain.place, .rule = rule};
  }

  const FirewallTable& table_;
  FirewallOutcome outcome_;
  int looked_at_ = 0;
};

}  // namespace

Applies operator!(Applies answer) {
  if (answer == Applies::perhaps) return answer;
  return answer == Applies::yes ? Applies::no : Applies::yes;
}
Applies operator&&(Applies one, Applies other) { return std::min(one, other); }
Applies operator||(Applies one, Applies other) { return std::max(one, other); }

FirewallOutcome judge_packet(const Firewall& firewall) {
  FirewallOutcome worst;
  for (const auto& table : firewall) {
    for (const auto& [name, chain] : table) {
      if (!chain.is_base) continue;
      auto outcome = Walk(table).through(chain);
      if (outcome.drops > worst.drops) worst = std::move(outcome);
    }
  }
  return worst;
}

}  // namespace weft::doctor
