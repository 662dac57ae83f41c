#include "inspect/drops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "cli/grid.hpp"
#include "inspect/fields.hpp"
#include "inspect/quantity.hpp"

namespace weft::inspect {
namespace {

std::uint64_t frames_in(const Drops& drops, const Drop& wanted) {
  for (const auto& drop : drops.drops) {
    if (drop.port == wanted.port && drop.reason == wanted.reason) return drop.frames;
  }
  return 0;
}

// Counters begin anew where a port left and came back.
std::uint64_t moved(const Drops& before, const Drop& drop) {
  const auto then = frames_in(before, drop);
  return drop.frames >= then ? drop.frames - then : drop.frames;
}

std::uint64_t sum(const Drops& drops) {
  std::uint64_t frames = 0;
  for (const auto& drop : drops.drops) frames += drop.frames;
  return frames;
}

}  // namespace

Drops read_drops(const json::value& answer) {
  Drops result;
  if (const auto* object = answer.if_object()) result.time_s = number_in(*object, "time");
  for (const auto& drop : objects_in(answer, "drops")) {
    result.drops.push_back({.port = text_in(drop, "port"),
                            .bridge = text_in(drop, "bridge"),
                            .reason = text_in(drop, "reason"),
                            .text = text_in(drop, "text"),
                            .frames = static_cast<std::uint64_t>(number_in(drop, "frames"))});
  }
  std::ranges::sort(result.drops, {},
                    [](const Drop& drop) { return std::tuple(drop.bridge, drop.port, ~drop.frames, drop.reason); });
  return result;
}

std::vector<std::string> show_drops(const Drops& now, const cli::Style& style) {
  if (now.drops.empty()) return {"No frame was dropped."};
  cli::Grid grid("rlll");
  grid.add({style.dim("frames"), style.dim("port"), style.dim("bridge"), style.dim("because")});
  for (const auto& drop : now.drops) {
    grid.add({fmt::to_string(drop.frames), style.bold(drop.port), drop.bridge, drop.text});
  }
  return grid.lines();
}

std::vector<std::string> show_moving_drops(const Drops& began, const Drops& before, const Drops& now,
                                           const cli::Style& style) {
  const auto seconds = std::max(now.time_s - before.time_s, 0.001);
  std::vector<std::string> lines{
      fmt::format("{}   {} frames in all, {} in {:.0f} s of watching", style.bold("weft drops"), sum(now),
                  sum(now) - std::min(sum(now), sum(began)), now.time_s - began.time_s),
      ""};
  if (now.drops.empty()) {
    lines.emplace_back("No frame was dropped so far.");
    return lines;
  }
  cli::Grid grid("rrrlll", "");
  grid.add({style.dim("a second"), style.dim("watched"), style.dim("in all"), style.dim("port"), style.dim("bridge"),
            style.dim("because")});
  for (const auto& drop : now.drops) {
    const auto rate = static_cast<double>(moved(before, drop)) / seconds;
    const auto watched = moved(began, drop);
    std::vector<std::string> cells{rate > 0 ? style.yellow(count_text(rate)) : std::string(style.dot()),
                                   watched > 0 ? fmt::to_string(watched) : std::string(style.dot()),
                                   fmt::to_string(drop.frames),
                                   drop.port,
                                   drop.bridge,
                                   drop.text};
    cells[3] = rate > 0 ? style.bold(cells[3]) : cells[3];
    grid.add(std::move(cells));
  }
  std::ranges::move(grid.lines(), std::back_inserter(lines));
  return lines;
}

std::vector<std::string> tell_moved_drops(const Drops& before, const Drops& now) {
  std::vector<std::string> lines;
  for (const auto& drop : now.drops) {
    if (const auto frames = moved(before, drop); frames > 0) {
      lines.push_back(fmt::format("{:.1f} {} +{} {}: {}", now.time_s, drop.port, frames, drop.reason, drop.text));
    }
  }
  return lines;
}

}  // namespace weft::inspect
