#include "kernel/news_socket.hpp"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstddef>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr std::size_t message_bytes = 64 * 1024;  // A device with everything the kernel knows of it is below 8 KiB.

constexpr std::array<int, 7> underlay_groups = {RTNLGRP_NEIGH,      RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR,
                                                RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,  RTNLGRP_IPV4_RULE,
                                                RTNLGRP_IPV6_RULE};

// RTNLGRP_NEIGH tells of every neighbour of the host, which we need not: the kernel's vxlan devices ask for themselves.
// They are left out before they would wake us: RTM_NEWNEIGH and RTM_DELNEIGH that are not of AF_BRIDGE.
bool leave_out_neighbours(int socket) {
  constexpr std::uint32_t type_at = offsetof(nlmsghdr, nlmsg_type), family_at = sizeof(nlmsghdr);
  // Such programs load numbers as the network has them, and netlink has them as the host does.
  std::array<sock_filter, 7> program = {{
      BPF_STMT(BPF_LD | BPF_H | BPF_ABS, type_at),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWNEIGH), 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_DELNEIGH), 0, 2),
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, family_at),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_BRIDGE, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
      BPF_STMT(BPF_RET | BPF_K, 0),
  }};
  const sock_fprog filter{.len = program.size(), .filter = program.data()};
  return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0;
}

}  // namespace

NewsSocket::NewsSocket(UniqueFd socket) : socket_(std::move(socket)), message_(message_bytes) {}

Result<NewsSocket> NewsSocket::open() {
  UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!socket) return fail_with_errno(errno, "cannot open a netlink socket");
  // Without the right to exceed the system's limit we hear less at a time, and look for ourselves more often.
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &news_buffer_bytes, sizeof news_buffer_bytes);
  if (!leave_out_neighbours(socket.get())) return fail_with_errno(errno, "cannot filter the news of neighbours");
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_TC;
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return fail_with_errno(errno, "cannot subscribe to changes of network devices");
  }
  return NewsSocket(std::move(socket));
}

Result<> NewsSocket::follow_underlay(bool on) {
  if (on == follows_underlay_) return {};
  for (const int group : underlay_groups) {
    const int option = on ? NETLINK_ADD_MEMBERSHIP : NETLINK_DROP_MEMBERSHIP;
    if (::setsockopt(socket_.get(), SOL_NETLINK, option, &group, sizeof group) != 0) {
      return fail_with_errno(errno, "cannot subscribe to changes of addresses and routes");
    }
  }
  follows_underlay_ = on;
  return {};
}

NewsSocket::Taken NewsSocket::take(std::size_t most, const std::function<void(const nlmsghdr*)>& take_one) {
  Taken taken;
  while (taken.count < most) {
    sockaddr_nl sender{};
    socklen_t sender_bytes = sizeof sender;
    const auto received = ::recvfrom(socket_.get(), message_.data(), message_.size(), MSG_TRUNC,
                                     reinterpret_cast<sockaddr*>(&sender), &sender_bytes);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0 && errno == ENOBUFS) {
      taken.is_lost = true;
      continue;
    }
    if (received <= 0) break;
    ++taken.count;
    if (static_cast<std::size_t>(received) > message_.size()) taken.is_lost = true;
    if (sender.nl_pid != 0 || taken.is_lost) continue;  // Not from the kernel; or of no use any more.
    auto left = static_cast<int>(received);
    const auto* message = reinterpret_cast<const nlmsghdr*>(message_.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) take_one(message);
  }
  return taken;
}

}  // namespace weft::kernel
