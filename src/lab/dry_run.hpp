// Steps as people read them, with the commands that they consist of. Pure.
#pragma once

#include <string>

#include "lab/diff.hpp"

namespace weft::lab {

// A script that could be typed: comments say where, and what for.
std::string steps_text(const Steps& steps);
json::array steps_json(const Steps& steps);

}  // namespace weft::lab
