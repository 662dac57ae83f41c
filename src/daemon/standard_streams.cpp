#include "daemon/standard_streams.hpp"

#include <fcntl.h>

#include "base/log.hpp"
#include "base/unique_fd.hpp"

namespace weft::daemon {

void close_standard_streams() {
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(null.get(), standard);
  set_console_level(LogLevel::off);
}

}  // namespace weft::daemon
