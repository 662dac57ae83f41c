#include "prober/endpoint.hpp"

#include <algorithm>

namespace weft::prober {
namespace {

// In the order of Probe.
constexpr std::array<std::string_view, probes.size()> names{"flood",  "stranger", "arp",   "nd",  "small",
                                                            "small6", "full",     "full6", "tcp", "tcp6"};

}  // namespace

std::string_view name_of(Probe probe) { return names[static_cast<std::size_t>(probe)]; }

std::optional<Probe> probe_named(std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Probe>(found - names.begin());
}

bool is_ipv6(Probe probe) {
  return probe == Probe::resolve6 || probe == Probe::small6 || probe == Probe::full6 || probe == Probe::tcp6;
}

}  // namespace weft::prober
