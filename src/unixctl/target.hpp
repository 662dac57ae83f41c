// Where a daemon's control socket is: how ovs-appctl(8) finds it, and how a daemon names it so that it is found.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace weft::unixctl {

// PROGRAM.PID.ctl in the directory.
std::string default_socket(const std::string& run_directory, std::string_view program, pid_t pid);

// `target`: a socket's absolute path, or the name of a program, whose pid file is in the run directory of the
// environment. Error: the pid file cannot be read, in Open vSwitch's words.
Result<std::string> find_socket(std::string_view target);

}  // namespace weft::unixctl
