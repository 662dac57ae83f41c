#include "lab/life.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>
#include <thread>

namespace weft::lab {
namespace {

// A test that fails where the object is not there, and what is then to be said.
struct Check {
  std::string test, words;
};

std::vector<Check> checks_of(const Object& object) {
  std::vector<Check> checks;
  for (const auto& path : object.claims) {
    checks.push_back({fmt::format("[ -e {} ]", hosts::quote(path)), path.substr(path.rfind('/') + 1) + " is gone"});
  }
  if (object.id.kind == Kind::vswitch) {
    checks.push_back({fmt::format("kill -0 \"$(cat /run/openvswitch/{}.pid 2>/dev/null)\" 2>/dev/null", object.id.name),
                      object.id.name + " does not run"});
  }
  if (object.id.kind == Kind::machine) {
    checks.push_back(
        {fmt::format("kill -0 \"$(cat {} 2>/dev/null)\" 2>/dev/null", hosts::quote(fact(object, "pid-file"))),
         "it does not run"});
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
    lives.push_back(
        {id, recorded.object.facts, recorded.is_whole, recorded.is_whole ? "" : "half made: run weft lab up again"});
  }
  std::vector<std::jthread> threads;
  for (const auto& [host, places] : by_host) {
    threads.emplace_back([&record, &carrier, &lives, &host, &places] {
      std::vector<const Object*> objects;
      for (const auto place : places) objects.push_back(&record.objects.at(lives[place].id).object);
      const auto output = carrier.ask(host, life_script(objects));
      if (!output) {
        for (const auto place : places) lives[place].trouble = output.error().details;
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

}  // namespace weft::lab
