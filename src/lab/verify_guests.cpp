#include "lab/verify_guests.hpp"

#include <fmt/format.h>

#include <array>

namespace weft::lab {
namespace {

using prober::Outcome;
using prober::Probe;

constexpr std::array pings{Probe::small4, Probe::small6, Probe::full4, Probe::full6};
constexpr std::uint32_t small_bytes = 56;
constexpr std::uint32_t icmp_bytes = 8;

std::uint32_t data_bytes(const topology::Network& network, Probe probe) {
  if (probe == Probe::small4 || probe == Probe::small6) return small_bytes;
  return network.mtu_bytes - icmp_bytes - (prober::is_ipv6(probe) ? 40 : 20);
}

std::optional<IpAddress> target_of(const Roll& roll, std::uint32_t guest, std::uint32_t other, Probe probe) {
  const auto& from = roll.endpoints[guest];
  const auto& to = roll.endpoints[other];
  if (other == guest || from.network != to.network) return std::nullopt;
  const bool has_both = prober::is_ipv6(probe) ? from.address6 && to.address6 : from.address4 && to.address4;
  if (!has_both) return std::nullopt;
  return prober::is_ipv6(probe) ? to.address6 : to.address4;
}

std::string line_of(Probe probe, std::uint32_t other, std::string_view outcome) {
  return fmt::format("{} {} {}", name_of(probe), other, outcome);
}

}  // namespace

std::string guest_questions(const Roll& roll, std::uint32_t guest) {
  // Twice, as a first packet may be lost while neighbours are found; that is told.
  std::string script =
      "ask() { if ping -c 1 -W 1 -s $3 $4; then r=yes; elif ping -c 1 -W 2 -s $3 $4; then r=late; else r=no; fi "
      ">/dev/null 2>&1; echo \"$1 $2 $r\"; }\n";
  for (const auto probe : pings) {
    for (std::uint32_t other = 0; other < roll.endpoints.size(); ++other) {
      const auto address = target_of(roll, guest, other, probe);
      if (!address) continue;
      script += fmt::format("ask {} {} {} {} &\n", name_of(probe), other, data_bytes(roll.network(guest), probe),
                            address->to_string());
    }
  }
  return script + "wait\n";
}

std::vector<prober::Row> guest_rows(const Roll& roll, std::uint32_t guest, std::string_view output) {
  std::vector<prober::Row> rows;
  // A line for itself: the console may say other things between.
  const auto text = fmt::format("\n{}\n", output);
  const auto says = [&](const std::string& line) { return text.contains(fmt::format("\n{}\n", line)); };
  for (const auto probe : pings) {
    prober::Row row{probe, guest, std::string(roll.endpoints.size(), static_cast<char>(Outcome::not_asked))};
    bool is_asked = false;
    for (std::uint32_t other = 0; other < roll.endpoints.size(); ++other) {
      if (!target_of(roll, guest, other, probe)) continue;
      const auto outcome = says(line_of(probe, other, "yes"))    ? Outcome::answered
                           : says(line_of(probe, other, "late")) ? Outcome::answered_late
                           : says(line_of(probe, other, "no"))   ? Outcome::silence
                                                                 : Outcome::not_asked;
      row.outcomes[other] = static_cast<char>(outcome);
      is_asked |= outcome != Outcome::not_asked;
    }
    if (is_asked) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace weft::lab
