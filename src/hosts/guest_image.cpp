#include "hosts/guest_image.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "hosts/guest_scripts.hpp"

namespace weft::hosts {
namespace {

// The path of a file in memory that the next program inherits; empty if it cannot be.
std::string file_of(const char* name, std::string_view text) {
  const int fd = ::memfd_create(name, 0);
  if (fd < 0 || ::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) return {};
  return fmt::format("/proc/self/fd/{}", fd);
}

}  // namespace

int build_guest_image(const std::string& directory) {
  const auto build = file_of("guest-build", guest_build_script());
  const auto init = file_of("guest-init", guest_init_script());
  ::execlp("bash", "bash", build.c_str(), directory.c_str(), init.c_str(), nullptr);
  fmt::print(stderr, "weft: cannot run bash: {}\n", std::strerror(errno));
  return 1;
}

}  // namespace weft::hosts
