#include "lab/verify_case.hpp"

namespace weft::lab {
namespace {

using prober::Probe;

bool fails(const Findings& findings, Findings::Way way, Probe probe) {
  const auto outcome = findings.outcome(probe, way.from, way.to);
  return outcome != prober::Outcome::not_asked && !is_answer(outcome);
}

}  // namespace

std::optional<Probe> failing_probe(const Findings& findings, Findings::Way way) {
  for (const auto probe : {Probe::small4, Probe::small6, Probe::full4, Probe::full6, Probe::tcp4, Probe::tcp6}) {
    if (fails(findings, way, probe)) return probe;
  }
  return std::nullopt;
}

Failing failing_of(const Findings& findings, Findings::Way way) {
  if (fails(findings, way, Probe::small4) || fails(findings, way, Probe::small6)) return Failing::everything;
  if (fails(findings, way, Probe::full4) || fails(findings, way, Probe::full6)) return Failing::full_size;
  if (fails(findings, way, Probe::tcp4) || fails(findings, way, Probe::tcp6)) return Failing::tcp;
  return fails(findings, way, Probe::flood) ? Failing::broadcast : Failing::resolution;
}

bool fails_by(const Findings& findings, Findings::Way way, bool is_ipv6) {
  for (const auto probe : prober::probes) {
    const bool is_of_no_version = probe == Probe::flood || probe == Probe::stranger;
    if (!is_of_no_version && prober::is_ipv6(probe) == is_ipv6 && fails(findings, way, probe)) return true;
  }
  return false;
}

}  // namespace weft::lab
