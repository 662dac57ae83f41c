// Looks at this host. Everything that the doctor reads, tries or asks is here and in the files named collect_*; nothing
// of it stays behind.
#pragma once

#include "doctor/facts.hpp"

namespace weft::doctor {

KernelFacts collect_kernel();
UnderlayFacts collect_underlay(const Question& question);
FirewallFacts collect_firewall();
SwitchFacts collect_other_switch(const Question& question);
GuestFacts collect_guests();
ResourceFacts collect_resources();

inline Facts collect(const Question& question) {
  return {.kernel = collect_kernel(),
          .underlay = collect_underlay(question),
          .firewall = collect_firewall(),
          .other_switch = collect_other_switch(question),
          .guests = collect_guests(),
          .resources = collect_resources()};
}

}  // namespace weft::doctor
