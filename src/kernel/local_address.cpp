#include "kernel/local_address.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "base/unique_fd.hpp"

namespace weft::kernel {

// The kernel lets a socket have only an address of the host: asked so, it need not list them all.
bool is_local_address(const IpAddress& address) {
  const UniqueFd socket(::socket(address.is_v4() ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return false;
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, address.v4().data(), sizeof v4.sin_addr);
    return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&v4), sizeof v4) == 0;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  std::memcpy(&v6.sin6_addr, address.mapped().data(), sizeof v6.sin6_addr);
  // Without its device a link-local one cannot be asked about; the kernel refuses it for that reason (EINVAL).
  return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&v6), sizeof v6) == 0 || errno == EINVAL;
}

}  // namespace weft::kernel
