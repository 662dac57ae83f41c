#include "lab/verify_crew.hpp"

#include <fmt/format.h>

#include <thread>

#include "prober/prober.hpp"

namespace weft::lab {
namespace {

// The longest a command takes where nobody answers, and a lot for a slow machine.
constexpr std::chrono::seconds answer_within{120};

}  // namespace

Result<Crew> Crew::start(const Roll& roll, const Places& places) {
  Crew crew(roll.endpoints.size());
  for (const auto& member : roll.members) {
    if (crew.probers_.contains(member.host)) continue;
    const auto place = places.find(member.host);
    if (place == places.end()) return fail("not running", fmt::format("{} does not run; weft lab up", member.host));
    auto process = TRY(hosts::LineProcess::start(place->second, {"weft", prober::probe_word}));
    crew.probers_.emplace(member.host, std::move(process));
  }
  return crew;
}

Result<Crew::Reports> Crew::converse(const std::string& host, hosts::LineProcess& process,
                                     const prober::Command& command) const {
  const auto deadline = std::chrono::steady_clock::now() + answer_within;
  TRY(process.write_line(to_line(command), deadline));
  Reports reports;
  for (;;) {
    const auto line = TRY(process.read_line(deadline));
    auto report = TRY(prober::parse_report(line, endpoint_count_));
    if (std::holds_alternative<prober::Done>(report)) return reports;
    if (const auto* failure = std::get_if<prober::Failure>(&report)) {
      return fail("verify", fmt::format("{}: {}", host, failure->text));
    }
    reports.push_back(std::move(report));
  }
}

Result<Crew::Reports> Crew::tell_each(const std::function<prober::Command(const std::string& host)>& command_for) {
  std::vector<std::pair<std::string, Result<Reports>>> answers;
  for (const auto& [host, process] : probers_) answers.emplace_back(host, Reports{});
  {
    // All at once: a prober that nobody listens to would stand still, and with it those that ask its endpoints.
    std::vector<std::jthread> threads;
    for (auto& [host, answer] : answers) {
      auto& process = probers_.at(host);
      threads.emplace_back(
          [this, &host, &answer, &process, &command_for] { answer = converse(host, process, command_for(host)); });
    }
  }
  Reports all;
  for (auto& [host, answer] : answers) {
    if (!answer) return std::unexpected(answer.error());
    std::ranges::move(*answer, std::back_inserter(all));
  }
  return all;
}

Result<Crew::Reports> Crew::tell_all(const prober::Command& command) {
  return tell_each([&](const std::string&) { return command; });
}

Result<Crew::Reports> Crew::tell(const std::string& host, const prober::Command& command) {
  return converse(host, probers_.at(host), command);
}

}  // namespace weft::lab
