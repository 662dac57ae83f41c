// Network namespaces (network_namespaces(7)).
#pragma once

#include <fcntl.h>
#include <sched.h>

#include <cerrno>
#include <string>

#include "base/check.hpp"
#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {

// `path`: "/proc/self/ns/net", "/run/netns/NAME", ...
inline Result<UniqueFd> open_netns(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_with_errno(errno, "cannot open the network namespace " + path);
  return fd;
}

// The calling thread is inside the namespace for this object's lifetime.
class NetnsScope {
 public:
  static Result<NetnsScope> enter(const UniqueFd& target) {
    auto home = TRY(open_netns("/proc/thread-self/ns/net"));
    if (::setns(target.get(), CLONE_NEWNET) != 0) return fail_with_errno(errno, "cannot enter a network namespace");
    return NetnsScope(std::move(home));
  }
  NetnsScope(NetnsScope&&) = default;
  // Carrying on in the wrong namespace would change a stranger's network.
  ~NetnsScope() {
    if (home_) CHECK(::setns(home_.get(), CLONE_NEWNET) == 0);
  }

 private:
  explicit NetnsScope(UniqueFd home) : home_(std::move(home)) {}
  UniqueFd home_;
};

}  // namespace weft::kernel
