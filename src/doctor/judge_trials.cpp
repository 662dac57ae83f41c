// What was tried out: namespaces, BPF, kinds of devices.
#include <fmt/format.h>

#include <array>

#include "doctor/judge.hpp"

namespace weft::doctor {
namespace {

struct Ability {
  std::string_view trial = {};
  std::string_view works = {};   // Said where it works,
  std::string_view needed = {};  // and where it does not: what lacks it.
  std::string_view module = {};  // Empty: never a module.
  std::string_view option = {};  // Of the kernel's configuration.
};
constexpr std::array<Ability, 9> abilities = {{
    {"namespaces", "network and mount namespaces", "the lab's simulated hosts and containers", "",
     "CONFIG_NET_NS=y, CONFIG_UTS_NS=y, CONFIG_PID_NS=y"},
    {"bpf", "BPF maps and programs", "the switch itself", "", "CONFIG_BPF_SYSCALL=y"},
    {"bpffs", "BPF file systems", "maps that outlive weftd", "", "CONFIG_BPF_SYSCALL=y"},
    {"clsact", "BPF filters at clsact", "the switch's program on each port", "cls_bpf",
     "CONFIG_NET_SCH_INGRESS=y, CONFIG_NET_CLS_BPF=y"},
    {"veth", "veth devices", "containers, and a bridge's own port", "veth", "CONFIG_VETH=y"},
    {"vxlan", "vxlan devices", "tunnels", "vxlan", "CONFIG_VXLAN=y"},
    {"bridge", "Linux bridges", "labs of more than two simulated hosts", "bridge", "CONFIG_BRIDGE=y"},
    {"tun", "tap devices", "virtual machines", "tun", "CONFIG_TUN=y"},
    {"multicast", "IP multicast", "tunnels to a group", "", "CONFIG_IP_MULTICAST=y"},
}};

std::string cure_of(const Ability& ability, const Trial& trial) {
  if (ability.trial == "tun" && trial.error.contains("No such file")) {
    return "mkdir -p /dev/net && mknod -m 666 /dev/net/tun c 10 200   # in a container: --device /dev/net/tun";
  }
  if (ability.module.empty() || trial.module == Module::unsupported || trial.module == Module::present) {
    return fmt::format("boot a kernel with {}", ability.option);
  }
  return fmt::format("apt install linux-modules-extra-$(uname -r); modprobe {}   # else a kernel with {}",
                     ability.module, ability.option);
}

Finding judge_one(const Ability& ability, const Trial& trial, Severity if_missing) {
  const std::string check(ability.trial);
  if (trial.error.empty()) {
    const auto* how = trial.module == Module::loadable ? ", by a module that is loaded when needed" : "";
    return {Severity::ok, "kernel", check, fmt::format("{}{}", ability.works, how), ""};
  }
  if (trial.error.contains("not permitted")) {
    return {if_missing, "kernel", check, fmt::format("{}: {}", ability.works, trial.error),
            "run as root, outside of a container or in a privileged one"};
  }
  const auto why = trial.module == Module::unsupported ? ": this kernel has none, and takes no modules"
                   : trial.module == Module::absent    ? ": the module is not installed"
                                                       : "";
  return {if_missing, "kernel", check,
          fmt::format("no {}{}, which {} need{} ({})", ability.works, why, ability.needed,
                      ability.needed == "the switch itself" ? "s" : "", trial.error),
          cure_of(ability, trial)};
}

}  // namespace

Findings judge_trials(const KernelFacts& facts, const Question& question) {
  if (facts.trials.empty()) {
    return {{Severity::warning, "kernel", "trials", "BPF and devices were not tried out: that takes root",
             "sudo weft doctor"}};
  }
  Findings findings;
  for (const auto& ability : abilities) {
    const auto trial = facts.trials.find(std::string(ability.trial));
    if (trial == facts.trials.end()) continue;
    const bool is_optional = ability.trial == "bridge" || (ability.trial == "tun" && !question.wants_machines) ||
                             (ability.trial == "multicast" && !question.group);
    findings.push_back(judge_one(ability, trial->second, is_optional ? Severity::warning : Severity::problem));
  }
  return findings;
}

}  // namespace weft::doctor
