// weft lab: hosts, networks, containers and virtual machines from one file.
#pragma once

#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weft::lab {

// `arguments` without "weft lab". The exit status: 0; 1 when it could not be done, or something is not as it should be;
// 2 when the command line is wrong. `exec` and `shell` give that of what they ran.
int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err);

// Weft's own words, for the hosts of a lab; none where `arguments`, those of weft, begin with no such word.
std::optional<int> run_inner_command(const std::vector<std::string>& arguments);

}  // namespace weft::lab
