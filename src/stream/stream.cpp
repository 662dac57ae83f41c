#include "stream/stream.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace weft::stream {
namespace {

Step system_failure() { return {Step::Kind::failed, 0, errno}; }

// A TCP connection is there when its socket is writable and has no error.
Step connect_outcome(int fd) {
  pollfd entry{fd, POLLOUT, 0};
  if (::poll(&entry, 1, 0) <= 0) return {Step::Kind::wants_write};
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return system_failure();
  if (error != 0) return {Step::Kind::failed, 0, error};
  return {Step::Kind::done};
}

}  // namespace

std::string describe_end(const Step& step) {
  return step.kind == Step::Kind::failed ? std::strerror(step.error) : "End of file";
}

Result<Stream> Stream::with_tls(UniqueFd fd, std::string name, Tls& tls, TlsSide side) {
  Stream stream(std::move(fd), std::move(name));
  stream.tls_ = TRY(tls.start(stream.fd(), side, stream.name_));
  return stream;
}

Stream::~Stream() {
  if (fd_ && tls_) tls_->shut_down();
}

Step Stream::open() {
  if (!is_connected_) {
    const auto step = connect_outcome(fd_.get());
    if (!step.is_done()) return step;
    is_connected_ = true;
  }
  return tls_ ? tls_->handshake() : Step{Step::Kind::done};
}

Step Stream::read(std::span<char> buffer) {
  if (tls_) return tls_->read(buffer);
  while (true) {
    const auto size = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (size > 0) return {Step::Kind::done, static_cast<std::size_t>(size)};
    if (size == 0) return {Step::Kind::ended};
    if (errno == EAGAIN) return {Step::Kind::wants_read};
    if (errno != EINTR) return system_failure();
  }
}

Step Stream::write(std::string_view bytes) {
  if (tls_) return tls_->write(bytes);
  while (true) {
    const auto size = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size >= 0) return {Step::Kind::done, static_cast<std::size_t>(size)};
    if (errno == EAGAIN) return {Step::Kind::wants_write};
    if (errno != EINTR) return system_failure();
  }
}

}  // namespace weft::stream
