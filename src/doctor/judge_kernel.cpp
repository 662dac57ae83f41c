// Whether the kernel is new enough, and lets us.
#include <fmt/format.h>

#include <array>
#include <cstdio>

#include "doctor/judge.hpp"

namespace weft::doctor {
namespace {

constexpr int needed_major = 5;
constexpr int needed_minor = 15;

Finding judge_release(const std::string& release) {
  int major = 0;
  int minor = 0;
  const bool is_read = std::sscanf(release.c_str(), "%d.%d", &major, &minor) == 2;
  const bool is_new = std::pair(major, minor) >= std::pair(needed_major, needed_minor);
  if (is_read && is_new) return {Severity::ok, "kernel", "version", fmt::format("Linux {}", release), ""};
  return {Severity::problem, "kernel", "version",
          fmt::format("Linux {}: {}.{} or newer is needed", release, needed_major, needed_minor),
          "apt install linux-image-amd64 && reboot   # Debian 12: 6.1; Ubuntu 20.04: linux-generic-hwe-20.04 has 5.15"};
}

struct Capability {
  int bit = 0;  // linux/capability.h
  std::string_view name = {};
};
constexpr std::array<Capability, 3> needed_capabilities = {
    {{12, "CAP_NET_ADMIN"}, {13, "CAP_NET_RAW"}, {21, "CAP_SYS_ADMIN"}}};

Finding judge_rights(const KernelFacts& facts) {
  std::vector<std::string_view> missing;
  for (const auto& [bit, name] : needed_capabilities) {
    if ((facts.capabilities >> bit & 1U) == 0) missing.push_back(name);
  }
  if (missing.empty()) return {Severity::ok, "kernel", "rights", "root, with the capabilities that Weft needs", ""};
  if (!facts.is_root) {
    return {Severity::problem, "kernel", "rights",
            "not root: devices and BPF programs can be neither made nor looked at", "sudo weft doctor"};
  }
  return {Severity::problem, "kernel", "rights", fmt::format("root, but without {}", fmt::join(missing, ", ")),
          "in a container: start it with --privileged (podman, docker); else look at what started this shell"};
}

}  // namespace

Findings judge_kernel(const KernelFacts& facts) {
  Findings findings = {judge_release(facts.release), judge_rights(facts)};
  if (facts.bpf_jit && *facts.bpf_jit == 0) {
    findings.push_back({Severity::warning, "kernel", "bpf-jit",
                        "BPF programs are interpreted: frames cost several times as much",
                        "sysctl -w net.core.bpf_jit_enable=1"});
  } else {
    findings.push_back(
        {Severity::ok, "kernel", "bpf-jit",
         facts.bpf_jit ? "BPF programs are compiled" : "BPF programs are compiled, as far as can be seen", ""});
  }
  return findings;
}

}  // namespace weft::doctor
