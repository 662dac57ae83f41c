// Programs and devices for containers, virtual machines and hosts elsewhere.
#include <fmt/format.h>

#include "doctor/judge.hpp"

namespace weft::doctor {
namespace {

struct Program {
  std::string_view check = {};
  std::string_view needed_for = {};
  std::string_view package = {};
};

// What is not wanted now is told, but no fault.
Finding judge_program(const Program& program, const std::string& path, bool is_wanted) {
  const std::string check(program.check);
  if (!path.empty()) return {Severity::ok, "guests", check, path, ""};
  return {is_wanted ? Severity::problem : Severity::ok, "guests", check,
          fmt::format("not installed; needed for {}", program.needed_for),
          is_wanted ? fmt::format("apt install {}", program.package) : std::string()};
}

Finding judge_kvm(const GuestFacts& facts) {
  constexpr auto slow = "virtual machines run emulated, ten times slower";
  if (facts.has_kvm_device && facts.kvm_error.empty()) {
    if (facts.has_virtualization) return {Severity::ok, "guests", "kvm", "works", ""};
    // Such as hosts in clouds have: it makes virtual machines, but not every kernel boots in them.
    return {Severity::warning, "guests", "kvm",
            "/dev/kvm works, but the processor's flags name neither vmx nor svm: ordinary guests may not boot with it",
            "virt-host-validate qemu   # says more; without KVM virtual machines run emulated"};
  }
  if (facts.has_kvm_device) {
    const bool is_forbidden = facts.kvm_error.contains("denied") || facts.kvm_error.contains("not permitted");
    return {
        Severity::warning, "guests", "kvm", fmt::format("/dev/kvm does not work ({}): {}", facts.kvm_error, slow),
        is_forbidden ? "usermod --append --groups kvm $USER, and log in again" : "dmesg | grep -i kvm   # says why"};
  }
  if (facts.has_virtualization) {
    return {Severity::warning, "guests", "kvm", fmt::format("no /dev/kvm, though the processor could: {}", slow),
            "modprobe kvm_intel || modprobe kvm_amd   # in a container: --device /dev/kvm"};
  }
  return {Severity::warning, "guests", "kvm", fmt::format("the processor does not offer it: {}", slow),
          facts.is_guest ? "allow nested virtualization for this virtual machine, on its host"
                         : "switch virtualization (VT-x, AMD-V) on in the firmware's setup"};
}

Finding judge_libvirt(const GuestFacts& facts) {
  if (facts.virsh.empty()) {
    return {Severity::ok, "guests", "libvirt", "not installed; virtual machines are run by plain qemu", ""};
  }
  if (facts.is_libvirt_reachable) return {Severity::ok, "guests", "libvirt", "answers", ""};
  return {Severity::warning, "guests", "libvirt",
          "installed, but nobody answers; virtual machines are run by plain qemu", "systemctl enable --now libvirtd"};
}

}  // namespace

Findings judge_guests(const GuestFacts& facts, const Question& question) {
  Findings findings = {
      judge_program({"ip", "labs: every step that concerns a device is one of it", "iproute2"}, facts.ip, true),
      judge_program({"podman", "containers of images", "podman"}, facts.podman, question.wants_images),
      judge_program({"ssh", "labs on other hosts", "openssh-client"}, facts.ssh, question.wants_ssh),
      judge_program({"qemu", "virtual machines", "qemu-system-x86"}, facts.qemu, question.wants_machines)};
  if (question.wants_machines || !facts.qemu.empty()) {
    findings.push_back(judge_kvm(facts));
    findings.push_back(judge_libvirt(facts));
  }
  // What stops Weft there cannot be seen from here.
  for (const auto& host : question.remote_hosts) {
    findings.push_back({Severity::ok, "elsewhere", host, "not looked at: run weft doctor there", ""});
  }
  return findings;
}

}  // namespace weft::doctor
