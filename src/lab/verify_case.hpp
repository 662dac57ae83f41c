// One way that is bad, with all that was seen of it, and what rules make of that.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/verify_findings.hpp"
#include "lab/verify_view.hpp"

namespace weft::lab {

// Why a pair does not reach each other: one sentence, and what to do about it.
struct Reason {
  std::string text = {};
  std::string where = {};  // The host or the endpoint where the command is to be run.
  std::string cure = {};   // The command; empty: there is none.
  auto operator<=>(const Reason&) const = default;
};

// Test frames were sent from one end to the other, while the underlay was watched at both hosts.
struct Experiment {
  std::size_t frames = 0;                                        // So many, each
  std::uint32_t frame_bytes = 0;                                 // so large.
  std::vector<prober::Captured> at_source = {}, at_target = {};  // On the underlay devices of the two hosts.
  HostView source_before = {}, source_after = {}, target_before = {}, target_after = {};
  bool operator==(const Experiment&) const = default;
};

// What failed, for all that is asked of a way: the first of these.
enum class Failing : std::uint8_t { everything, full_size, tcp, broadcast, resolution };
Failing failing_of(const Findings& findings, Findings::Way way);
// Whether something fails that is asked over this version of IP.
bool fails_by(const Findings& findings, Findings::Way way, bool is_ipv6);

struct End {
  std::uint32_t number = 0;
  const prober::Endpoint* endpoint = nullptr;
  const Member* member = nullptr;
  const topology::Host* host = nullptr;
  const prober::Found* found = nullptr;  // Null: a guest that could not be asked.
  const HostView* view = nullptr;        // Null: its host could not be looked at.
};

struct Case {
  const topology::Topology* lab = nullptr;
  const topology::Network* network = nullptr;
  const Findings* findings = nullptr;
  Failing failing = Failing::everything;
  bool fails_ipv4 = false, fails_ipv6 = false;
  End from = {}, to = {};
  const Experiment* experiment = nullptr;  // Null: not made yet.

  bool crosses_hosts() const { return from.host != to.host; }
  std::array<const End*, 2> ends() const { return {&from, &to}; }
};

// Rules that only look: endpoints, ports, tunnels, the underlay. None: nothing is wrong with those.
std::optional<Reason> reason_at_sight(const Case& open);
// What is asked where the way fails, the least that does.
std::optional<prober::Probe> failing_probe(const Findings& findings, Findings::Way way);
// Rules about an experiment. None: the frames came as far as they can be followed. It may be the answers that are lost.
std::optional<Reason> reason_by_experiment(const Case& open);
// A rule about an experiment in which the endpoints themselves asked again what had failed. It knows of frames that the
// switch drops only for what they say.
std::optional<Reason> reason_by_asking_again(const Case& open);
// What was seen, where no rule knows more.
Reason unexplained(const Case& open);

}  // namespace weft::lab
