#include "stream/unix_address.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace weft::stream {

Result<UnixAddress> UnixAddress::make(const std::string& path) {
  UnixAddress result;
  result.address_.sun_family = AF_UNIX;
  if (path.empty()) return fail("invalid address", "the path of a unix socket is empty");
  auto reachable = path;
  if (path.size() >= sizeof result.address_.sun_path) {
    const auto slash = path.rfind('/');
    const auto directory = slash == std::string::npos ? std::string(".") : path.substr(0, slash + 1);
    result.directory_.reset(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!result.directory_) return fail("no such directory", fmt::format("{}: {}", directory, std::strerror(errno)));
    reachable = fmt::format("/proc/self/fd/{}/{}", result.directory_.get(), path.substr(slash + 1));
  }
  if (reachable.size() >= sizeof result.address_.sun_path)
    return fail("invalid address", fmt::format("{}: too long for the name of a unix socket", path));
  std::memcpy(result.address_.sun_path, reachable.data(), reachable.size());
  return result;
}

}  // namespace weft::stream
