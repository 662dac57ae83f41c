// Who has a UDP port of this host, in words for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kernel/links.hpp"

namespace weft::kernel {

// "the vxlan device vxlan0, whose options differ", "dnsmasq (process 123)", "a socket of user 1000"; for a device `but`
// that may not have it. Costs a look at all processes: for an error only.
std::string udp_port_holder(const Links& links, const LinkRecord& but);

// "dnsmasq (process 123)": a process that has the port in our network namespace. Empty: none that can be seen from
// here.
std::string udp_port_process(std::uint16_t port);

// The inode of the socket that is bound to the port, in text in the form of /proc/net/udp (proc(5)); 0: none.
std::uint64_t find_udp_inode(std::string_view table, std::uint16_t port);

}  // namespace weft::kernel
