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

// A test that fails where the object is not there, and what is then to be said.
struct Check {
  std::string test, words;
};

std::vector<Check> checks_of(const Object& object) {
  std::vector<Check> checks;
  if (!object.runs.empty()) checks.push_back({object.runs, object.id.name + " does not run"});
  for (const auto& path : object.claims) {
    checks.push_back({fmt::format("[ -e {} ]", hosts::quote(path)), path.substr(path.rfind('/') + 1) + " is gone"});
  }
  return checks;
}

}  // namespace

std::string life_script(std::span<const Object* const> objects) {
  std::string script;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    for (const auto& check : checks_of(*objects[i])) {
      script += fmt::format("{} || echo {}\n", check.test, hosts::quote(fmt::format("{} {}", i, check.words)));
    }
  }
  return script + "true\n";
}

std::vector<Life> look(const Record& record, HostCarrier& carrier) {
  std::vector<Life> lives;
  std::map<std::string, std::vector<std::size_t>> by_host;
  for (const auto& [id, recorded] : record.objects) {
    if (!id.host.empty()) by_host[id.host].push_back(lives.size());
    lives.push_back({.id = id,
                     .facts = recorded.object.facts,
                     .is_whole = recorded.is_whole,
                     .trouble = recorded.is_whole ? "" : "half made: run weft lab up again"});
  }
  std::vector<std::jthread> threads;
  for (const auto& [host, places] : by_host) {
    threads.emplace_back([&record, &carrier, &lives, &host, &places] {
      std::vector<const Object*> objects;
      for (const auto place : places) objects.push_back(&record.objects.at(lives[place].id).object);
      const auto output = carrier.ask(host, life_script(objects));
      if (!output) {
        for (const auto place : places) {
          lives[place].trouble = output.error().details;
          lives[place].is_known = false;
        }
        return;
      }
      std::istringstream lines(*output);
      for (std::string line; std::getline(lines, line);) {
        std::size_t index = places.size();
        const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), index);
        if (index >= places.size()) continue;
        auto& trouble = lives[places[index]].trouble;
        if (trouble.empty()) trouble = end == line.data() + line.size() ? line : std::string(end + 1);
      }
    });
  }
  threads.clear();
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
