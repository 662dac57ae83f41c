#include "lab/life.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>
#include <thread>

#include "hosts/simulated_host.hpp"

namespace weft::lab {
namespace {

// A test that fails where something is not there, and what is then to be said of an object.
struct Check {
  std::size_t object = 0;
  std::string test, words;
};

struct Visit {
  bool asks_for_ports = false;
  std::vector<Check> checks;
  Result<std::string> answer;
};
using Visits = std::map<std::string, Visit>;  // By host.

std::string is_there(std::string_view path) { return fmt::format("[ -e {} ]", hosts::quote(path)); }

void add_checks(Visits& visits, const Object& object, std::size_t number) {
  auto& own = visits[object.id.host];
  if (!object.runs.empty()) own.checks.push_back({number, object.runs, object.id.name + " does not run"});
  for (const auto& path : object.claims) {
    own.checks.push_back({number, is_there(path), path.substr(path.rfind('/') + 1) + " is gone"});
  }
  for (const auto& port : ports_plugged_by(object)) {
    own.asks_for_ports = true;
    own.checks.push_back({number, "is_port " + port, port + " is no port of its bridge any more"});
  }
  for (const auto& [host, device] : ends_of(object)) {
    visits[host].checks.push_back(
        {number, is_there("/sys/class/net/" + device), fmt::format("{} of {} is gone", device, host)});
  }
}

// Where the switch does not answer, nothing is known of its ports.
constexpr std::string_view ports_question =
    "ports=\" $(ovs-vsctl --timeout=5 --bare --columns=name list Port 2>/dev/null | tr '\\n' ' ')\"\n"
    "is_port() { case \"$ports\" in ' '|*\" $1 \"*) ;; *) return 1 ;; esac; }\n";

// Tells what is missing: a line "NUMBER WORDS" each, by the numbers of the objects.
std::string script_of(const Visit& visit) {
  auto script = std::string(visit.asks_for_ports ? ports_question : "");
  for (const auto& check : visit.checks) {
    script += fmt::format("{} || echo {}\n", check.test, hosts::quote(fmt::format("{} {}", check.object, check.words)));
  }
  return script + "true\n";
}

void take_answer(const std::string& host, const Result<std::string>& answer, std::vector<Life>& lives) {
  if (!answer) {
    for (auto& life : lives) {
      if (life.id.host != host) continue;
      life.trouble = answer.error().details;
      life.is_known = false;
    }
    return;
  }
  std::istringstream lines(*answer);
  for (std::string line; std::getline(lines, line);) {
    std::size_t index = lives.size();
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), index);
    if (index >= lives.size()) continue;
    auto& trouble = lives[index].trouble;
    if (trouble.empty()) trouble = end == line.data() + line.size() ? line : std::string(end + 1);
  }
}

}  // namespace

std::vector<Life> look(const Record& record, HostCarrier& carrier) {
  std::vector<Life> lives;
  Visits visits;
  for (const auto& [id, recorded] : record.objects) {
    add_checks(visits, recorded.object, lives.size());
    lives.push_back({.id = id,
                     .facts = recorded.object.facts,
                     .is_whole = recorded.is_whole,
                     .trouble = recorded.is_whole ? "" : "half made: run weft lab up again"});
  }
  visits.erase("");  // This machine.
  std::vector<std::jthread> threads;
  for (auto& [host, visit] : visits) {
    threads.emplace_back([&] { visit.answer = carrier.ask(host, script_of(visit)); });
  }
  threads.clear();
  for (const auto& [host, visit] : visits) take_answer(host, visit.answer, lives);
  return lives;
}

std::set<ObjectId> ended_of(std::span<const Life> lives, const HostCarrier& carrier) {
  std::set<ObjectId> ended;
  for (const auto& life : lives) {
    if (!life.is_whole) continue;
    const auto& place = carrier.places().at(life.id.host);
    const bool is_host = life.id.kind == Kind::host && place.is_simulated();
    if (is_host ? !hosts::SimulatedHost::find(place.directory) : life.is_known && !life.trouble.empty())
      ended.insert(life.id);
  }
  return ended;
}

Result<> require_all_known(std::span<const Life> lives, const HostCarrier& carrier) {
  const auto found = std::ranges::find_if(
      lives, [&](const Life& life) { return !life.is_known && carrier.places().at(life.id.host).is_remote(); });
  if (found == lives.end()) return {};
  return fail("ssh", found->trouble);
}

}  // namespace weft::lab
