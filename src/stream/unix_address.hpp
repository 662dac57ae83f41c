// The addresses of OVSDB's sockets. A unix path longer than sockaddr_un holds (108 bytes) is reached through
// /proc/self/fd of its directory, as long as its last component fits.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::stream {

// For the moment of one connect() or bind(): holds the directory open that a long path goes through.
class UnixAddress {
 public:
  // "invalid address": empty, or the last component is too long; "no such directory".
  static Result<UnixAddress> make(const std::string& path);
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  socklen_t size() const { return sizeof address_; }

 private:
  sockaddr_un address_{};
  UniqueFd directory_;
};

}  // namespace weft::stream
