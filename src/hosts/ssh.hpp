// How ssh(1) is called, and what helps where it fails. Its configuration, keys and known hosts are the user's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "hosts/place.hpp"

namespace weft::hosts {

// What is run in place of "ssh": WEFT_SSH in the environment, a line for /bin/sh, such as "ssh -F lab.conf".
inline constexpr const char* ssh_variable = "WEFT_SSH";
inline constexpr int ssh_connect_seconds_max = 10;

// The argument vector that runs the line `command` as root on `destination`, by /bin/sh whatever shell the user has
// there. It never asks for a password or about a host's key: nobody may be there to answer.
std::vector<std::string> ssh_command(const std::string& destination, const std::string& command, Terminal terminal);

// What to do about what ssh said on stderr before it gave up; empty where its own words are all there is to say.
std::string ssh_advice(std::string_view said, const std::string& destination);

}  // namespace weft::hosts
