#include "doctor/judge.hpp"

namespace weft::doctor {

Findings judge(const Facts& facts, const Question& question) {
  Findings all;
  for (auto& part :
       {judge_kernel(facts.kernel), judge_trials(facts.kernel, question), judge_underlay(facts.underlay, question),
        judge_firewall(facts.firewall, facts.underlay, question), judge_other_switch(facts.other_switch, question),
        judge_guests(facts.guests, question), judge_resources(facts.resources)}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

}  // namespace weft::doctor
