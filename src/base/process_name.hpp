// What a process is called, for messages that name who holds something.
#pragma once

#include <sys/types.h>

#include <string>

namespace weft {

// "ovsdb-server (pid 123)"; "pid 123" where the process is gone or hidden.
std::string describe_process(pid_t pid);

}  // namespace weft
