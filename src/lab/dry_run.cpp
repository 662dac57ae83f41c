#include "lab/dry_run.hpp"

#include <fmt/format.h>

#include <map>

namespace weft::lab {
std::string steps_text(const Steps& steps) {
  std::string text;
  std::span<const Step> left = steps;
  while (!left.empty()) {
    const auto wave = left.first(wave_size(left));
    left = left.subspan(wave.size());
    std::map<std::string, std::string> by_host;
    for (const auto& step : wave) {
      auto& lines = by_host[step.object.id.host];
      lines += fmt::format("# {} {}\n", word_of(step.action), to_string(step.object.id));
      for (const auto& command : commands_of(step)) lines += as_typed(command) + '\n';
    }
    for (const auto& [host, lines] : by_host) text += lines;
  }
  return text;
}

json::array steps_json(const Steps& steps) {
  json::array array;
  for (const auto& step : steps) {
    auto one = to_json(step.object.id);
    one["action"] = word_of(step.action);
    json::array commands;
    for (const auto& command : commands_of(step)) commands.emplace_back(as_typed(command));
    one["commands"] = std::move(commands);
    array.push_back(std::move(one));
  }
  return array;
}

}  // namespace weft::lab
