#include "stream/unix_listener.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/process_name.hpp"
#include "stream/unix_address.hpp"

namespace weft::stream {
namespace {

constexpr int connection_queue_length = 512;  // As many as ServerLimits::clients may come at once.

std::unexpected<Error> io_failure(const std::string& path, std::string_view what) {
  return fail("I/O error", fmt::format("{}: {}: {}", path, what, std::strerror(errno)));
}

UniqueFd make_socket() { return UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

std::unexpected<Error> in_use(const std::string& path, int connected_fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  ::getsockopt(connected_fd, SOL_SOCKET, SO_PEERCRED, &peer, &size);
  return fail("address in use", fmt::format("{}: {} listens there already; stop it, or choose another socket", path,
                                            describe_process(peer.pid)));
}

// Removes the socket of a server that is gone; refuses to touch anything else.
Result<> make_way(const std::string& path, const UnixAddress& address) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) < 0) return errno == ENOENT ? Result<>() : io_failure(path, "cannot look at it");
  if (!S_ISSOCK(status.st_mode))
    return fail("address in use", fmt::format("{}: exists and is no socket; remove it, or choose another", path));
  const auto probe = make_socket();
  if (::connect(probe.get(), address.get(), address.size()) == 0) return in_use(path, probe.get());
  if (errno == EAGAIN) return fail("address in use", fmt::format("{}: a busy server listens there already", path));
  if (errno != ECONNREFUSED) return io_failure(path, "cannot find out whether it is in use");
  if (::unlink(path.c_str()) < 0) return io_failure(path, "cannot remove the socket of a server that is gone");
  return {};
}

}  // namespace

Result<UnixListener> UnixListener::open(const std::string& path) {
  const auto directory = std::filesystem::path(path).parent_path();
  std::error_code error;
  if (!directory.empty()) std::filesystem::create_directories(directory, error);
  if (error)
    return fail("I/O error", fmt::format("{}: cannot make the directory: {}", directory.native(), error.message()));
  const auto address = TRY(UnixAddress::make(path));
  TRY(make_way(path, address));
  auto fd = make_socket();
  if (!fd) return io_failure(path, "cannot make a socket");
  // The file takes the mode that the socket has when it is bound.
  if (::fchmod(fd.get(), 0600) < 0) return io_failure(path, "cannot make the socket private");
  if (::bind(fd.get(), address.get(), address.size()) < 0) return io_failure(path, "cannot bind");
  struct stat status{};
  if (::stat(path.c_str(), &status) < 0) return io_failure(path, "cannot look at it");
  UnixListener listener(path, std::move(fd), status);
  if (::listen(listener.fd(), connection_queue_length) < 0) return io_failure(path, "cannot listen");
  return listener;
}

UnixListener::~UnixListener() {
  struct stat status{};
  if (fd_ && ::lstat(path_.c_str(), &status) == 0 && status.st_dev == device_ && status.st_ino == inode_)
    ::unlink(path_.c_str());
}

}  // namespace weft::stream
