#include "hosts/ssh.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace weft::hosts {
namespace {

// Devices, namespaces and the switch are root's. iproute2 and the daemons are where a user's PATH may not lead.
std::string as_root(const std::string& command) {
  const auto line = "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH; " + command;
  const auto quoted = quote(line);
  return "exec /bin/sh -c " +
         quote(fmt::format("if [ $(id -u) = 0 ]; then exec /bin/sh -c {0}; else exec sudo -n /bin/sh -c {0}; fi",
                           quoted));
}

struct Advice {
  std::string_view said;
  const char* advice;  // {}: the destination.
};

constexpr std::array advices{
    Advice{"Host key verification failed",
           "its key is not known here, or has changed: run `ssh {}` once and accept it"},
    Advice{"Permission denied", "no password is asked for: let your key in with `ssh-copy-id {}`"},
    Advice{"Too many authentication failures",
           "name the right key for {} in ~/.ssh/config (IdentityFile, IdentitiesOnly)"},
    Advice{"Could not resolve hostname", "is the name in {} right? An address does as well"},
    Advice{"Connection refused", "is sshd running there, and on that port? Try `ssh {}`"},
    Advice{"timed out", "is the host up, and does a firewall let port 22 through? Try `ssh {}`"},
    Advice{"No route to host", "is the host up, and in the same network? Try `ssh {}`"},
    Advice{"Network is unreachable", "this machine has no route to {}"},
    Advice{"sudo:", "log in as root, or let the user of {} run sudo without a password"},
};

}  // namespace

std::vector<std::string> ssh_command(const std::string& destination, const std::string& command, Terminal terminal) {
  std::vector<std::string> words;
  if (const char* own = std::getenv(ssh_variable); own != nullptr && *own != '\0') {
    words = {"/bin/sh", "-c", fmt::format("exec {} \"$@\"", own), "ssh"};
  } else {
    words = {"ssh"};
  }
  words.insert(words.end(), {terminal == Terminal::yes ? "-t" : "-T",
                             "-o",
                             "BatchMode=yes",
                             "-o",
                             fmt::format("ConnectTimeout={}", ssh_connect_seconds_max),
                             "-o",
                             "ServerAliveInterval=5",
                             "-o",
                             "ServerAliveCountMax=3",
                             "-o",
                             "ControlMaster=no",
                             "-o",
                             "ControlPath=none",
                             "-o",
                             "ClearAllForwardings=yes",
                             "-o",
                             "LogLevel=ERROR",
                             "--",
                             destination,
                             as_root(command)});
  return words;
}

std::string ssh_advice(std::string_view said, const std::string& destination) {
  for (const auto& [words, advice] : advices) {
    if (said.find(words) != std::string_view::npos) return fmt::format(fmt::runtime(advice), destination);
  }
  return {};
}

}  // namespace weft::hosts
