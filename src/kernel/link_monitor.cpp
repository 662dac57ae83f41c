#include "kernel/link_monitor.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>

#include "kernel/system_error.hpp"

namespace weft::kernel {

Result<LinkMonitor> LinkMonitor::open() {
  UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!socket) return fail_with_errno(errno, "cannot open a netlink socket");
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK;
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return fail_with_errno(errno, "cannot subscribe to changes of network devices");
  }
  return LinkMonitor(std::move(socket));
}

bool LinkMonitor::take_news() {
  bool is_news = false;
  char unused = 0;  // The content does not matter: it may be old by now.
  for (;;) {
    const auto received = ::recv(socket_.get(), &unused, sizeof unused, MSG_TRUNC);
    if (received > 0) {
      is_news = true;
    } else if (received < 0 && errno == ENOBUFS) {
      is_news = true;  // The kernel had more to say than the socket could hold.
    } else if (received == 0 || errno != EINTR) {
      return is_news;
    }
  }
}

}  // namespace weft::kernel
