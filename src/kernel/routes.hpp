// How the kernel would send a packet of its own (RTM_GETROUTE, rtnetlink(7); "ip route get").
#pragma once

#include <optional>

#include "base/error.hpp"
#include "kernel/netlink_socket.hpp"
#include "wire/ip_address.hpp"

namespace weft::kernel {

struct RouteQuery {
  IpAddress to = {};
  std::optional<IpAddress> from = {};  // An address of this host. None: the kernel chooses.
  int ifindex = 0;                     // The device to leave by. 0: the kernel chooses.

  auto operator<=>(const RouteQuery&) const = default;
};
struct Route {
  int ifindex = 0;
  std::uint32_t mtu_bytes = 0;           // That the route itself sets. 0: that of the device.
  std::optional<IpAddress> source = {};  // None: the host has none that would do. Not told where one was asked for.

  bool operator==(const Route&) const = default;
};

// None: there is no route, or it says that packets are to be refused or dropped.
Result<std::optional<Route>> find_route(NetlinkSocket& socket, const RouteQuery& query);

}  // namespace weft::kernel
