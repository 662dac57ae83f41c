// Whether another switch is where Weft wants to be.
#include <fmt/format.h>

#include <algorithm>

#include "doctor/judge.hpp"

namespace weft::doctor {
namespace {

std::string words_for(const ProcessFacts& process) {
  return process.id == 0 ? "a process that cannot be seen from here"
                         : fmt::format("{} (process {})", process.name, process.id);
}

Finding judge_socket(const SwitchFacts& facts) {
  if (!facts.server) return {Severity::ok, "switch", "socket", fmt::format("{} is free for weftd", facts.socket), ""};
  if (facts.server->name == "weftd") {
    return {Severity::ok, "switch", "socket", fmt::format("{} serves {}", words_for(*facts.server), facts.socket), ""};
  }
  return {Severity::problem, "switch", "socket",
          fmt::format("{} serves {}, where weftd would", words_for(*facts.server), facts.socket),
          "systemctl disable --now openvswitch-switch   # or keep both: OVS_RUNDIR=/run/weft weftd --detach"};
}

void judge_vswitchd(const SwitchFacts& facts, Findings& findings) {
  if (facts.vswitchd) {
    findings.push_back(
        {Severity::warning, "switch", "ovs-vswitchd",
         fmt::format("{} runs in this network namespace; no device can be a port of both", words_for(*facts.vswitchd)),
         "systemctl disable --now openvswitch-switch"});
  }
  if (!facts.kernel_datapath_ports.empty()) {
    findings.push_back({Severity::warning, "switch", "openvswitch-module",
                        fmt::format("Open vSwitch's kernel module holds {}: none of them can be a port of Weft",
                                    fmt::join(facts.kernel_datapath_ports, ", ")),
                        "ovs-dpctl del-dp ovs-system   # once ovs-vswitchd is stopped"});
  }
}

Finding judge_udp_port(const SwitchFacts& facts, std::uint16_t udp_port) {
  std::vector<std::string> sharing;
  for (const auto& vxlan : facts.vxlans) {
    if (vxlan.udp_port != udp_port) continue;
    if (vxlan.is_external && vxlan.is_up) {
      return {Severity::problem, "switch", "udp-port",
              fmt::format("{} has UDP port {} for every VNI (an \"external\" vxlan device)", vxlan.device, udp_port),
              fmt::format("ip link delete dev {}   # or another port for the tunnels: options:dst_port", vxlan.device)};
    }
    sharing.push_back(fmt::format("{} (VNI {})", vxlan.device, vxlan.vni));
  }
  if (!sharing.empty()) {
    return {Severity::ok, "switch", "udp-port",
            fmt::format("{} is used by {}; other VNIs can share it", udp_port, fmt::join(sharing, ", ")), ""};
  }
  if (!facts.udp_holder.empty()) {
    return {Severity::problem, "switch", "udp-port", fmt::format("{} has UDP port {}", facts.udp_holder, udp_port),
            "stop that program, or give the tunnels another port (options:dst_port; udp-port in the lab's file)"};
  }
  return {Severity::ok, "switch", "udp-port", fmt::format("{} is free", udp_port), ""};
}

}  // namespace

Findings judge_other_switch(const SwitchFacts& facts, const Question& question) {
  // Simulated hosts have sockets, devices and ports of their own.
  if (!question.wants_underlay) return {};
  Findings findings = {judge_socket(facts)};
  judge_vswitchd(facts, findings);
  findings.push_back(judge_udp_port(facts, question.udp_port));
  return findings;
}

}  // namespace weft::doctor
