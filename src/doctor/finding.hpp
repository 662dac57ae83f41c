// What the doctor says of one thing that Weft needs.
#pragma once

#include <string>
#include <vector>

namespace weft::doctor {

enum class Severity : std::uint8_t {
  ok,
  warning,  // Weft works, but something that people want does not, or only slowly.
  problem,  // It would stop Weft.
};

struct Finding {
  Severity severity = Severity::ok;
  std::string group = {};   // "kernel", "underlay", ...: findings of one group stand together.
  std::string check = {};   // Stable, for programs: "bpf", "vxlan", "firewall".
  std::string detail = {};  // What was found, for people.
  std::string cure = {};    // A command, or what else to do; empty where nothing needs one.

  bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

}  // namespace weft::doctor
