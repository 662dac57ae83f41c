#include "dbserver/subprocess.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "daemon/child.hpp"

namespace weft::dbserver {

Subprocess::Subprocess(boost::asio::io_context& loop, std::string command, std::function<void(Result<>)> on_end)
    : command_(std::move(command)), on_end_(std::move(on_end)), child_ended_(loop, SIGCHLD) {}

Result<> Subprocess::start() {
  await_end();
  char shell[] = "/bin/sh";
  char flag[] = "-c";
  char* const arguments[] = {shell, flag, command_.data(), nullptr};
  // We ignore broken pipes; the command decides for itself.
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  ::posix_spawnattr_setsigdefault(&attributes, &defaults);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int error = ::posix_spawn(&pid_, shell, nullptr, &attributes, arguments, environ);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0) return fail("cannot run", fmt::format("{}: cannot be run: {}", command_, std::strerror(error)));
  return {};
}

void Subprocess::await_end() {
  child_ended_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return await_end();
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return on_end_({});
    on_end_(fail("failed", fmt::format("{}: child exited, {}", command_, daemon::describe_end(status))));
  });
}

}  // namespace weft::dbserver
