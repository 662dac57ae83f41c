#include "lab/carrier.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <sstream>

#include "hosts/simulated_host.hpp"
#include "lab/objects.hpp"

namespace weft::lab {
namespace {

constexpr std::chrono::seconds script_limit{600};  // A virtual machine may be slow to get its address.

std::vector<Commands> commands_of(std::span<const Step> steps) {
  std::vector<Commands> lists;
  for (const auto& step : steps) lists.push_back(commands_of(step));
  return lists;
}

std::unexpected<Error> explain(const hosts::Place& place, std::span<const Commands> lists,
                               const hosts::Outcome& outcome) {
  const auto found = blame(lists, outcome.err);
  const auto words = found.words.empty() ? fmt::format("exit status {}", outcome.status) : found.words;
  if (found.command.empty()) return fail("failed", fmt::format("{}: {}", place.name, words));
  return fail("failed", fmt::format("{}: {}\n  the command was: {}", place.name, words, found.command));
}

}  // namespace

Result<hosts::Shell*> HostCarrier::shell_of(const std::string& host) {
  {
    const std::scoped_lock lock(mutex_);
    if (const auto found = shells_.find(host); found != shells_.end()) return &found->second;
  }
  auto shell = TRY(hosts::Shell::open(places_.at(host)));
  const std::scoped_lock lock(mutex_);
  return &shells_.emplace(host, std::move(shell)).first->second;
}

Result<> HostCarrier::make_host(const std::string& host) {
  const auto& place = places_.at(host);
  if (place.is_simulated()) {
    TRY(hosts::SimulatedHost::start(place.directory, host, programs_));
    return {};
  }
  TRY(shell_of(host));
  return {};
}

Result<> HostCarrier::end_host(const std::string& host) {
  const auto& place = places_.at(host);
  {
    const std::scoped_lock lock(mutex_);
    shells_.erase(host);
  }
  if (!place.is_simulated()) return {};
  if (auto running = hosts::SimulatedHost::find(place.directory)) TRY(running->stop());
  std::error_code error;
  std::filesystem::remove_all(place.directory, error);
  if (error) return fail("system", fmt::format("cannot remove {}: {}", place.directory, error.message()));
  return {};
}

// On a simulated host there is nothing but what this lab has made.
Result<std::vector<std::string>> HostCarrier::found_claims(const std::string& host, std::span<const Step> steps) {
  std::vector<std::string> found;
  if (!places_.at(host).is_remote()) return found;
  std::string script;
  for (const auto& [action, object] : steps) {
    for (const auto& path : object.claims) script += fmt::format("[ ! -e {0} ] || echo {0}\n", hosts::quote(path));
  }
  std::istringstream lines(TRY(ask(host, script)));
  for (std::string line; std::getline(lines, line);) found.push_back(line);
  return found;
}

std::string HostCarrier::variables() const {
  auto text = fmt::format("PATH={}:$PATH\n", hosts::quote(programs_));
  for (const auto& [name, place] : places_) {
    if (!place.is_simulated()) continue;
    if (const auto host = hosts::SimulatedHost::find(place.directory)) {
      text += fmt::format("{}={}\n", pid_variable(name), host->pid());
    }
  }
  return text;
}

Result<std::string> HostCarrier::ask(const std::string& host, const std::string& script) {
  auto* shell = TRY(shell_of(host));
  return shell->require(script, script_limit);
}

Result<> HostCarrier::carry_out(const std::string& host, std::span<const Step> steps) {
  const auto& first = steps.front();
  const bool is_removal = first.action == Step::Action::remove;
  if (first.object.id.kind == Kind::host) return is_removal ? end_host(host) : make_host(host);
  const auto& place = places_.at(host);
  // A host that has ended has taken all along that was in it.
  if (is_removal && place.is_simulated() && !hosts::SimulatedHost::find(place.directory)) return {};
  if (const auto found = TRY(found_claims(host, steps)); first.action == Step::Action::create && !found.empty()) {
    return fail("exists",
                fmt::format("{}: {} is there already, and not of this lab: remove it, or give the lab other names",
                            host, found.front()));
  }
  const auto lists = commands_of(steps);
  auto* shell = TRY(shell_of(host));
  const auto script = (host.empty() ? variables() : std::string()) + batch(lists);
  const auto outcome = TRY(shell->run(script, script_limit));
  if (outcome.status != 0) return explain(place, lists, outcome);
  if (!is_removal) return {};
  const auto left = TRY(found_claims(host, steps));
  if (left.empty()) return {};
  return fail("left", fmt::format("{}: {} is still there: does the switch run? Then run `weft lab down` again", host,
                                  left.front()));
}

}  // namespace weft::lab
