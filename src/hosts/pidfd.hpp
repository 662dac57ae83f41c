// A process held by a descriptor, so that its number cannot become another's (pidfd_open(2)). By system call: the
// header of glibc 2.36 has these for C alone.
#pragma once

#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/unique_fd.hpp"

namespace weft::hosts {

// Readable once the process has ended. Empty where there is none; errno tells why.
inline UniqueFd open_process(pid_t pid) { return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))); }

inline bool send_signal(const UniqueFd& process, int signal) {
  return ::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0) == 0;
}

}  // namespace weft::hosts
