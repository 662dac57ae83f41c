// How programs read their options: by getopt_long(3), for callers rely on its abbreviations and its words.
#pragma once

#include <getopt.h>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weft {

enum class OptionsEnd { first_argument, last_argument };
using ApplyOption = std::function<Result<>(int id, const char* argument)>;

// Calls `apply` with the id and argument of each option, up to the `end` or "--". The result: the arguments that are
// no options. Long options may be abbreviated as long as they are unique. For one thread. Errors: "usage", and those of
// `apply`.
Result<std::vector<std::string>> read_options(std::span<const std::string> arguments, std::span<const option> known,
                                              std::string_view short_options, OptionsEnd end, const ApplyOption& apply);

// `tables` behind one another.
std::vector<option> join_options(std::initializer_list<std::span<const option>> tables);

}  // namespace weft
