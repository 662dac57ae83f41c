// The program ovs-vsctl, as a function.
#pragma once

#include <cstdio>
#include <span>
#include <string>

namespace weft::vsctl {

// A line that other clients' changes make run again more often than this gives up.
inline constexpr int max_attempts = 1000;

// `arguments` without the program's name. Returns the exit status: 0; 1 after an error, told on `err`; 2 if br-exists
// found no bridge; 65 if the change is committed, but the switch could not set a new interface up or has not taken the
// change up in time. With --timeout the process ends by SIGALRM, as callers of ovs-vsctl expect (the change may be
// committed by then).
int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err);

}  // namespace weft::vsctl
