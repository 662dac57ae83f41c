// Changes of network devices (RTM_SETLINK, RTM_DELLINK, rtnetlink(7)). Each is one request: done whole or not at all.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.hpp"
#include "kernel/netlink_socket.hpp"
#include "wire/mac_address.hpp"

namespace weft::kernel {

Result<> delete_link(NetlinkSocket& socket, int ifindex, const std::string& name);
Result<> set_mtu(NetlinkSocket& socket, int ifindex, std::uint32_t mtu_bytes, const std::string& name);
Result<> set_mac(NetlinkSocket& socket, int ifindex, const MacAddress& mac, const std::string& name);
Result<> set_admin_state(NetlinkSocket& socket, int ifindex, bool up, const std::string& name);
Result<> set_alias(NetlinkSocket& socket, int ifindex, const std::string& alias, const std::string& name);
// Without an IPv6 address of its own the device sends nothing by itself. A kernel without IPv6 needs no silencing.
void silence_ipv6(NetlinkSocket& socket, int ifindex);
Result<> set_promiscuous(NetlinkSocket& socket, int ifindex, bool on, const std::string& name);

}  // namespace weft::kernel
