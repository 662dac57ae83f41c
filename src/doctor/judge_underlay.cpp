// The network that carries the tunnels.
#include <fmt/format.h>

#include "doctor/judge.hpp"

namespace weft::doctor {
namespace {

// Outer Ethernet, IP, UDP and VXLAN headers, without the outer Ethernet header that the MTU does not count, and with
// the inner one (RFC 7348 section 5).
constexpr std::uint32_t overhead_bytes_v4 = 50;
constexpr std::uint32_t overhead_bytes_v6 = 70;
constexpr std::uint32_t least_ipv6_mtu_bytes = 1280;  // RFC 8200 section 5.
constexpr std::uint32_t usual_mtu_bytes = 1500;

constexpr int strict = 1;  // ip-sysctl: rp_filter

class Underlay {
 public:
  Underlay(const UnderlayFacts& facts, const Question& question) : facts_(facts), question_(question) {}

  Findings judge() {
    if (!question_.wants_underlay) {
      add(Severity::ok, "underlay", "all hosts are simulated: they bring their own");
    } else if (facts_.device.empty()) {
      add(Severity::problem, "underlay", "no route leads out of this host, so no device can carry tunnels",
          "ip route add default via ROUTER   # or name the device: weft doctor --device=eth0");
    } else if (!facts_.exists) {
      add(Severity::problem, "underlay", fmt::format("there is no device {}", facts_.device), "ip link   # lists them");
    } else {
      judge_device();
      judge_mtu();
      if (question_.group) judge_group();
      judge_path_filter();
    }
    return std::move(findings_);
  }

 private:
  void add(Severity severity, std::string check, std::string detail, std::string cure = {}) {
    findings_.push_back({severity, "underlay", std::move(check), std::move(detail), std::move(cure)});
  }

  void judge_device() {
    if (!facts_.is_up) {
      add(Severity::problem, "device", fmt::format("{} is down", facts_.device),
          fmt::format("ip link set dev {} up", facts_.device));
    } else if (facts_.addresses.empty()) {
      add(Severity::problem, "device", fmt::format("{} has no address to send from", facts_.device),
          fmt::format("ip address add ADDRESS/PREFIX dev {}", facts_.device));
    } else {
      std::vector<std::string> addresses;
      for (const auto& address : facts_.addresses) addresses.push_back(address.to_string());
      add(Severity::ok, "device", fmt::format("{} is up, with {}", facts_.device, fmt::join(addresses, ", ")));
    }
  }

  void judge_mtu() {
    const auto overhead = question_.group && !question_.group->is_v4() ? overhead_bytes_v6 : overhead_bytes_v4;
    const auto inner = facts_.mtu_bytes > overhead ? facts_.mtu_bytes - overhead : 0;
    auto detail = fmt::format("{}: tunnels carry packets of {} bytes", facts_.mtu_bytes, inner);
    if (inner < least_ipv6_mtu_bytes) {
      add(Severity::warning, "mtu", fmt::format("{}, fewer than the {} that IPv6 needs", detail, least_ipv6_mtu_bytes),
          fmt::format("ip link set dev {} mtu {}   # if the network behind it can", facts_.device, usual_mtu_bytes));
    } else {
      add(Severity::ok, "mtu", std::move(detail));
    }
  }

  void judge_group() {
    const auto group = question_.group->to_string();
    if (!facts_.has_multicast) {
      add(Severity::problem, "multicast", fmt::format("{} takes no multicast", facts_.device),
          fmt::format("ip link set dev {} multicast on", facts_.device));
    } else if (facts_.group_device != facts_.device) {
      add(Severity::problem, "multicast",
          facts_.group_device.empty() ? fmt::format("there is no route to the group {}", group)
                                      : fmt::format("the route to the group {} leads by {}, not by {}", group,
                                                    facts_.group_device, facts_.device),
          fmt::format("ip route add {} dev {}", group, facts_.device));
    } else if (!facts_.has_group_source) {
      add(Severity::problem, "multicast", fmt::format("{} has no address to send to {} from", facts_.device, group),
          fmt::format("ip address add ADDRESS/PREFIX dev {}", facts_.device));
    } else {
      add(Severity::ok, "multicast",
          fmt::format("{} goes out by {}; whether the network delivers it, weft lab verify finds out", group,
                      facts_.device));
    }
  }

  void judge_path_filter() {
    if (facts_.rp_filter != strict) {
      add(Severity::ok, "rp_filter", "not strict");
      return;
    }
    add(Severity::warning, "rp_filter",
        fmt::format(
            "strict: packets of hosts to which the way back does not lead by {} are dropped, and nobody is told",
            facts_.device),
        fmt::format("sysctl -w net.ipv4.conf.all.rp_filter=2 net.ipv4.conf.{}.rp_filter=2", facts_.device));
  }

  const UnderlayFacts& facts_;
  const Question& question_;
  Findings findings_;
};

}  // namespace

Findings judge_underlay(const UnderlayFacts& facts, const Question& question) {
  return Underlay(facts, question).judge();
}

}  // namespace weft::doctor
