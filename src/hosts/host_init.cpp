#include "hosts/host_init.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "hosts/simulated_host.hpp"

namespace weft::hosts {
namespace {

void tell_maker(std::string_view text) { ::send(init_socket_fd, text.data(), text.size(), MSG_NOSIGNAL); }

bool maker_heard() {
  char answer = 0;
  ssize_t length = 0;
  while ((length = ::recv(init_socket_fd, &answer, 1, 0)) < 0 && errno == EINTR) {
  }
  return length == 1 && answer == maker_has_heard;
}

}  // namespace

void run_host_init(const std::string& directory, const std::string& name, const std::string& /*programs*/) {
  if (::getpid() != 1) {
    std::fputs("weft: lab-host-init is the first process of a simulated host; `weft lab up` starts it\n", stderr);
    std::exit(2);
  }
  if (const auto done = furnish(directory, name); !done) {
    tell_maker(done.error().details);
    std::_Exit(1);
  }
  // The kernel reaps for those who ignore the signal. A process of the host cannot end us: signal(7) on init.
  std::signal(SIGCHLD, SIG_IGN);
  tell_maker(std::string_view(&init_is_ready, 1));
  if (!maker_heard()) std::_Exit(1);
  ::prctl(PR_SET_PDEATHSIG, 0);
  ::close(init_socket_fd);
  for (;;) ::pause();
}

}  // namespace weft::hosts
