// From facts to findings: pure functions, one for each group of findings.
#pragma once

#include "doctor/facts.hpp"
#include "doctor/finding.hpp"

namespace weft::doctor {

Findings judge_kernel(const KernelFacts& facts);
Findings judge_trials(const KernelFacts& facts, const Question& question);
Findings judge_underlay(const UnderlayFacts& facts, const Question& question);
Findings judge_firewall(const FirewallFacts& facts, const UnderlayFacts& underlay, const Question& question);
Findings judge_other_switch(const SwitchFacts& facts, const Question& question);
Findings judge_guests(const GuestFacts& facts, const Question& question);
Findings judge_resources(const ResourceFacts& facts);

// All of them, in the order in which they are shown.
Findings judge(const Facts& facts, const Question& question);

}  // namespace weft::doctor
