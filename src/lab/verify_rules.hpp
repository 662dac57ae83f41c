// What the rules about failing ways share.
#pragma once

#include <fmt/format.h>

#include <span>

#include "lab/verify_case.hpp"

namespace weft::lab {

using Rule = std::optional<Reason> (*)(const Case&);

inline std::optional<Reason> first_reason(std::span<const Rule> rules, const Case& open) {
  for (const auto rule : rules) {
    if (auto reason = rule(open)) return reason;
  }
  return std::nullopt;
}

inline std::string on(const End& end) { return fmt::format("{} on {}", end.endpoint->name, end.host->name); }

// The first reason of a rule about one end, the sender's first.
template <class EndRule>
std::optional<Reason> at_either_end(const Case& open, EndRule rule) {
  for (const auto* end : open.ends()) {
    if (auto reason = rule(*end)) return reason;
  }
  return std::nullopt;
}

// --- the tables, in the order in which they are asked

// Of the endpoints themselves: their devices and addresses.
std::optional<Reason> reason_at_endpoints(const Case& open);
// Of bridges, ports, tunnels and the underlay.
std::optional<Reason> reason_on_the_way(const Case& open);

}  // namespace weft::lab
