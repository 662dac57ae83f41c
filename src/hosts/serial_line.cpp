#include "hosts/serial_line.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/system_error.hpp"

namespace weft::hosts {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{5};

Result<UniqueFd> connect_to(const std::string& path) {
  struct sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return fail("wrong place", path + ": too long for a unix socket");
  path.copy(address.sun_path, path.size());
  UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket || ::connect(socket.get(), reinterpret_cast<const struct sockaddr*>(&address), sizeof address) != 0) {
    return fail_with_errno("no serial console at " + path);
  }
  return socket;
}

// What the peer has not read yet.
int unread_bytes(int socket) {
  int bytes = 0;
  return ::ioctl(socket, SIOCOUTQ, &bytes) == 0 ? bytes : 0;
}

// The guest's own words come twice, here and in the file; were they not read here, the guest would stop.
void drain(int socket) {
  std::array<char, 4096> bytes{};
  while (::recv(socket, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

Result<SerialLine> SerialLine::open(const std::string& socket, const std::string& log, std::uint64_t tail_bytes) {
  UniqueFd file(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail_with_errno("nothing of the guest's console at " + log);
  const auto end = ::lseek(file.get(), 0, SEEK_END);
  ::lseek(file.get(), std::max<off_t>(0, end - static_cast<off_t>(tail_bytes)), SEEK_SET);
  return SerialLine(socket, log, std::move(file));
}

Result<std::string> SerialLine::read() {
  std::string bytes(65536, '\0');
  const auto length = ::read(file_.get(), bytes.data(), bytes.size());
  if (length < 0 && errno != EINTR) return fail_with_errno("cannot read " + log_);
  bytes.resize(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  if (!bytes.empty()) return bytes;
  // libvirt's log daemon begins a new file when one is long enough.
  struct stat ours{}, named{};
  if (::fstat(file_.get(), &ours) == 0 && ::stat(log_.c_str(), &named) == 0 && ours.st_ino != named.st_ino) {
    UniqueFd fresh(::open(log_.c_str(), O_RDONLY | O_CLOEXEC));
    if (fresh) file_ = std::move(fresh);
  }
  return bytes;
}

Result<> SerialLine::type(std::string_view text, Deadline deadline) const {
  const auto socket = TRY(connect_to(socket_));
  while (!text.empty() || unread_bytes(socket.get()) > 0) {
    if (Clock::now() > deadline) return fail("time limit", "the guest does not read its console at " + socket_);
    const auto length = ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (length < 0 && errno != EAGAIN && errno != EINTR) return fail_with_errno("cannot type at " + socket_);
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    drain(socket.get());
    if (unread_bytes(socket.get()) > 0) std::this_thread::sleep_for(between_looks);
  }
  return {};
}

Result<> SerialLine::reserve(Deadline deadline) {
  while (::flock(file_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (Clock::now() > deadline) return fail("time limit", "another weft asks the guest at " + socket_);
    std::this_thread::sleep_for(between_looks);
  }
  return {};
}

}  // namespace weft::hosts
