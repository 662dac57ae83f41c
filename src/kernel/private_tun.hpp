// A network namespace of our own, without a name, in which one address answers: IP packets are put into it and taken
// out of it by a file descriptor, and a socket of this process listens there. So the kernel's TCP serves whoever we
// pass the packets of, and nobody else can reach it. It goes with its last descriptor.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "wire/subnet.hpp"

namespace weft::kernel {

// Of both directions; a packet that is larger is lost.
inline constexpr std::uint32_t private_tun_mtu_bytes = 1500;

struct PrivateTun {
  UniqueFd packets = {};   // read(2) and write(2): one IPv4 packet each. Does not block.
  UniqueFd listener = {};  // TCP. Does not block.

  // `address`: where the listener is; `port` of it. `peers`: whose packets come in. The calling thread is for a moment
  // in the new namespace.
  static Result<PrivateTun> open(const IpAddress& address, std::uint16_t port, const Subnet& peers);
};

}  // namespace weft::kernel
