#include "kernel/news_socket.hpp"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cerrno>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr std::size_t message_bytes = 64 * 1024;  // A device with everything the kernel knows of it is below 8 KiB.

}  // namespace

NewsSocket::NewsSocket(UniqueFd socket) : socket_(std::move(socket)), message_(message_bytes) {}

Result<NewsSocket> NewsSocket::open() {
  UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  if (!socket) return fail_with_errno(errno, "cannot open a netlink socket");
  // Without the right to exceed the system's limit we hear less at a time, and look for ourselves more often.
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &news_buffer_bytes, sizeof news_buffer_bytes);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_LINK | RTMGRP_TC;
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    return fail_with_errno(errno, "cannot subscribe to changes of network devices");
  }
  return NewsSocket(std::move(socket));
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
