#include "lab/verify.hpp"

#include <fmt/format.h>

#include <chrono>
#include <numeric>
#include <random>
#include <thread>

#include "lab/verify_crew.hpp"
#include "lab/verify_findings.hpp"
#include "lab/verify_guests.hpp"
#include "lab/verify_inquiry.hpp"
#include "lab/verify_report.hpp"
#include "prober/schedule.hpp"

namespace weft::lab {
namespace {

using Clock = std::chrono::steady_clock;

// The kernel starts to forget neighbours above 512 (gc_thresh2 of arp(7)), and the machine has some of its own.
constexpr std::size_t kernel_neighbours_max = 256;
// How long broadcasts may travel before they are sent again.
constexpr std::array<std::chrono::milliseconds, 3> broadcast_waits{
    std::chrono::milliseconds{30}, std::chrono::milliseconds{150}, std::chrono::milliseconds{400}};

class Verification {
 public:
  Verification(const Roll& roll, Crew& crew) : roll_(roll), crew_(crew), findings_(roll) {}

  Result<> run() {
    TRY(open());
    TRY(let_broadcast());
    for (const auto probe : prober::probes) {
      if (probe == prober::Probe::flood || probe == prober::Probe::stranger || !concerns_anybody(probe)) continue;
      TRY(note(crew_.tell_all(prober::Ask{probe})));
    }
    return {};
  }
  // Why a guest could not be asked, by its name.
  std::map<std::string, std::string> ask_guests(const AskGuest& ask_guest) {
    std::map<std::string, std::string> not_asked;
    for (std::uint32_t i = 0; i < roll_.endpoints.size(); ++i) {
      if (!roll_.endpoints[i].is_guest) continue;
      const auto& guest = *std::ranges::find(roll_.lab->machines, roll_.name(i), &topology::VirtualMachine::name);
      const auto said = ask_guest(guest, guest_questions(roll_, i));
      const auto rows = said ? guest_rows(roll_, i, *said) : std::vector<prober::Row>();
      for (const auto& row : rows) findings_.note(row);
      if (const auto found = said ? guest_found(roll_, i, *said) : std::nullopt) findings_.note(*found);
      if (rows.empty()) not_asked[guest.name] = said ? "it has no ping" : said.error().details;
    }
    return not_asked;
  }
  const Findings& findings() const { return findings_; }

 private:
  Result<> note(const Result<Crew::Reports>& reports) {
    if (!reports) return std::unexpected(reports.error());
    for (const auto& report : *reports) {
      if (const auto* row = std::get_if<prober::Row>(&report)) findings_.note(*row);
      if (const auto* found = std::get_if<prober::Found>(&report)) findings_.note(*found);
    }
    return {};
  }

  Result<> open() {
    const prober::RunId run = std::random_device{}();
    const bool adds_neighbours = prober::neighbour_count(roll_.endpoints) > kernel_neighbours_max;
    TRY(note(crew_.tell_each([&](const std::string& host) -> prober::Command {
      return prober::Open{run, adds_neighbours, endpoints_for(roll_, host)};
    })));
    prober::Ports ports;
    for (std::uint32_t i = 0; i < roll_.endpoints.size(); ++i) {
      const auto& found = findings_.found(i);
      ports.tcp4.push_back(found ? found->tcp_port4 : roll_.endpoints[i].tcp_port4);
      ports.tcp6.push_back(found ? found->tcp_port6 : roll_.endpoints[i].tcp_port6);
    }
    return note(crew_.tell_all(ports));
  }

  bool concerns_anybody(prober::Probe probe) const {
    for (std::uint32_t i = 0; i < roll_.endpoints.size(); ++i) {
      if (!prober::targets(roll_.endpoints, i, probe).empty()) return true;
    }
    return false;
  }

  // All broadcast; those that were not heard by all, again.
  Result<> let_broadcast() {
    std::vector<std::uint32_t> senders(roll_.endpoints.size());
    std::iota(senders.begin(), senders.end(), 0U);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> missed;
    for (const auto wait : broadcast_waits) {
      TRY(note(crew_.tell_all(prober::Broadcast{senders})));
      TRY(note(crew_.tell_all(prober::TellHeard{})));
      const auto deadline = Clock::now() + wait;
      while (!findings_.unheard().empty() && Clock::now() < deadline) {
        std::this_thread::sleep_for(wait / 3);
        TRY(note(crew_.tell_all(prober::TellHeard{})));
      }
      note_late(missed);
      senders = findings_.unheard();
      if (senders.empty()) return {};
      missed = ways_unheard();
    }
    return {};
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> ways_unheard() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> ways;
    for (std::uint32_t from = 0; from < roll_.endpoints.size(); ++from) {
      for (std::uint32_t to = 0; to < roll_.endpoints.size(); ++to) {
        if (findings_.outcome(prober::Probe::flood, from, to) == prober::Outcome::silence) ways.emplace_back(from, to);
      }
    }
    return ways;
  }
  void note_late(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& missed) {
    for (const auto& [from, to] : missed) {
      if (findings_.outcome(prober::Probe::flood, from, to) == prober::Outcome::answered) findings_.note_late(from, to);
    }
  }

  const Roll& roll_;
  Crew& crew_;
  Findings findings_;
};

void print(const Verified& verified, const VerifyOptions& options, std::FILE* out) {
  if (options.json) {
    fmt::print(out, "{}\n", to_text(verified_json(verified)));
  } else {
    for (const auto& line : show_verified(verified, cli::style_of(out))) fmt::print(out, "{}\n", line);
  }
  std::fflush(out);
}

}  // namespace

Result<bool> verify(const topology::Topology& lab, const std::map<std::string, hosts::Place>& places,
                    const AskGuest& ask_guest, const VerifyOptions& options, std::FILE* out) {
  const auto began = Clock::now();
  const auto roll = call_roll(lab);
  if (roll.endpoints.size() > prober::endpoints_max) {
    return fail("too many",
                fmt::format("{} endpoints; {} at most can be verified", roll.endpoints.size(), prober::endpoints_max));
  }
  auto crew = TRY(Crew::start(roll, places));
  Verification verification(roll, crew);
  TRY(verification.run());
  auto not_asked = verification.ask_guests(ask_guest);
  Verified verified{.findings = verification.findings(), .not_asked = std::move(not_asked)};
  verified.troubles = TRY(inquire(verified.findings, crew, places));
  TRY(crew.tell_all(prober::Close{}));
  verified.seconds = std::chrono::duration<double>(Clock::now() - began).count();
  print(verified, options, out);
  return verified.is_good();
}

}  // namespace weft::lab
