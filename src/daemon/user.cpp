#include "daemon/user.hpp"

#include <fmt/format.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

namespace weft::daemon {
namespace {

std::unexpected<Error> refuse(std::string why) { return fail("user", std::move(why)); }

Result<> keep_capabilities() {
  constexpr auto kept = 1u << CAP_NET_BIND_SERVICE | 1u << CAP_IPC_LOCK;
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  sets[0] = {.effective = kept, .permitted = kept, .inheritable = 0};
  if (::syscall(SYS_capset, &header, sets.data()) == 0) return {};
  return refuse(fmt::format("cannot give capabilities up: {}", std::strerror(errno)));
}

}  // namespace

Result<> become_user(std::string_view name) {
  if (::geteuid() != 0) return refuse("--user needs root");
  const auto colon = std::min(name.find(':'), name.size());
  const std::string user(name.substr(0, colon)), group(name.substr(std::min(colon + 1, name.size())));
  uid_t uid = ::getuid();
  gid_t gid = ::getgid();
  if (!user.empty()) {
    const auto* found = ::getpwnam(user.c_str());
    if (!found) return refuse(fmt::format("user {} not found, aborting.", user));
    uid = found->pw_uid;
    gid = found->pw_gid;
  }
  if (!group.empty()) {
    const auto* found = ::getgrnam(group.c_str());
    if (!found) return refuse(fmt::format("group {} not found, aborting.", group));
    gid = found->gr_gid;
  }
  const bool is_changed = ::prctl(PR_SET_KEEPCAPS, 1) == 0 &&
                          (user.empty() ? ::setgroups(0, nullptr) : ::initgroups(user.c_str(), gid)) == 0 &&
                          ::setresgid(gid, gid, gid) == 0 && ::setresuid(uid, uid, uid) == 0;
  if (!is_changed) return refuse(fmt::format("cannot become {}: {}", name, std::strerror(errno)));
  return keep_capabilities();
}

}  // namespace weft::daemon
