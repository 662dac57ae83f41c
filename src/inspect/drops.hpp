// weft drops: what the switch dropped, by port and reason, and what of it moves.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cli/style.hpp"

namespace weft::inspect {

struct Drop {
  std::string port = {}, bridge = {}, reason = {}, text = {};
  std::uint64_t frames = 0;
};

struct Drops {
  double time_s = 0;
  std::vector<Drop> drops = {};  // By port, then by number.
};

// Of weftd's answer to weft/drops.
Drops read_drops(const json::value& answer);

// All of them.
std::vector<std::string> show_drops(const Drops& now, const cli::Style& style);

// The same, with what moves in front: a second, and since the watch began.
std::vector<std::string> show_moving_drops(const Drops& began, const Drops& before, const Drops& now,
                                           const cli::Style& style);

// One line each for those that moved since `before`: for a file.
std::vector<std::string> tell_moved_drops(const Drops& before, const Drops& now);

}  // namespace weft::inspect
