#include "lab/verify_findings.hpp"

#include <algorithm>
#include <utility>

#include "prober/schedule.hpp"

namespace weft::lab {
namespace {

using prober::Outcome;
using prober::Probe;

// Rows of frames are the hearer's, all others the asker's.
bool is_heard(Probe probe) { return probe == Probe::flood || probe == Probe::stranger; }

template <class Key>
std::vector<std::uint32_t> all_of(const std::multimap<Key, std::uint32_t>& holders, const Key& key) {
  std::vector<std::uint32_t> found;
  for (auto [holder, end] = holders.equal_range(key); holder != end; ++holder) found.push_back(holder->second);
  return found;
}

bool is_lasting(Outcome outcome) { return outcome != Outcome::not_asked; }

}  // namespace

void Findings::note(const prober::Row& row) {
  auto& known = rows_[static_cast<std::size_t>(row.probe)][row.endpoint];
  const auto before = std::exchange(known, row.outcomes);
  // Heard once is heard, and late stays late.
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (before[i] == static_cast<char>(Outcome::answered_late)) known[i] = before[i];
  }
}

void Findings::note(const prober::Found& found) {
  found_[found.endpoint] = found;
  if (!found.trouble.empty()) return;
  mac_holders_.emplace(found.mac, found.endpoint);
  for (const auto& [address, prefix_bits] : found.addresses) address_holders_.emplace(address, found.endpoint);
}

std::vector<std::uint32_t> Findings::holders(const IpAddress& address) const {
  return all_of(address_holders_, address);
}
std::vector<std::uint32_t> Findings::holders(const MacAddress& mac) const { return all_of(mac_holders_, mac); }

void Findings::note_late(std::uint32_t from, std::uint32_t to) {
  auto& rows = rows_[static_cast<std::size_t>(Probe::flood)];
  if (const auto row = rows.find(to); row != rows.end()) row->second[from] = static_cast<char>(Outcome::answered_late);
}

Outcome Findings::outcome(Probe probe, std::uint32_t from, std::uint32_t to) const {
  const auto& rows = rows_[static_cast<std::size_t>(probe)];
  const auto row = rows.find(is_heard(probe) ? to : from);
  return row == rows.end() ? Outcome::not_asked : static_cast<Outcome>(row->second[is_heard(probe) ? from : to]);
}

Verdict Findings::verdict(std::uint32_t from, std::uint32_t to) const {
  auto verdict = Verdict::not_asked;
  for (const auto probe : prober::probes) {
    const auto found = outcome(probe, from, to);
    if (probe == Probe::stranger || !is_lasting(found)) continue;
    const auto now = found == Outcome::answered        ? Verdict::good
                     : found == Outcome::answered_late ? Verdict::late
                                                       : Verdict::bad;
    verdict = std::max(verdict, now);
  }
  return verdict;
}

std::vector<Findings::Way> Findings::failures() const {
  std::vector<Way> ways;
  for (std::uint32_t from = 0; from < found_.size(); ++from) {
    for (std::uint32_t to = 0; to < found_.size(); ++to) {
      if (from != to && verdict(from, to) == Verdict::bad) ways.push_back({from, to});
    }
  }
  return ways;
}

std::vector<Findings::Way> Findings::leaks() const {
  std::vector<Way> ways;
  for (const auto& [at, outcomes] : rows_[static_cast<std::size_t>(Probe::stranger)]) {
    for (std::uint32_t from = 0; from < outcomes.size(); ++from) {
      if (prober::is_answer(static_cast<Outcome>(outcomes[from]))) ways.push_back({from, at});
    }
  }
  return ways;
}

std::vector<std::uint32_t> Findings::unheard() const {
  std::vector<std::uint32_t> unheard;
  for (std::uint32_t from = 0; from < found_.size(); ++from) {
    const auto& rows = rows_[static_cast<std::size_t>(Probe::flood)];
    const bool is_unheard = std::ranges::any_of(
        rows, [&](const auto& row) { return row.second[from] == static_cast<char>(Outcome::silence); });
    if (is_unheard) unheard.push_back(from);
  }
  return unheard;
}

Findings::Count Findings::count() const {
  Count count;
  const auto& endpoints = roll_->endpoints;
  for (std::uint32_t one = 0; one < endpoints.size(); ++one) {
    for (std::uint32_t other = 0; other < one; ++other) {
      if (endpoints[one].network != endpoints[other].network) {
        const std::array heard{outcome(Probe::stranger, one, other), outcome(Probe::stranger, other, one)};
        if (!std::ranges::any_of(heard, is_lasting)) continue;
        ++(std::ranges::any_of(heard, prober::is_answer) ? count.leaking : count.isolated);
        continue;
      }
      ++count.pairs;
      switch (std::max(verdict(one, other), verdict(other, one))) {
        case Verdict::good:
          ++count.good;
          break;
        case Verdict::late:
          ++count.late;
          break;
        case Verdict::bad:
          ++count.bad;
          break;
        case Verdict::not_asked:
          ++count.not_asked;
          break;
      }
    }
  }
  return count;
}

}  // namespace weft::lab
