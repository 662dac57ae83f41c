// What the kernel tells by itself of the network devices and filters of our namespace, and where it is asked for of
// what tunnels depend on: each change as it happens, in order (rtnetlink(7), groups RTNLGRP_LINK, RTNLGRP_TC, ...).
#pragma once

#include <linux/netlink.h>

#include <functional>
#include <vector>

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::kernel {

// News that wait for us, in the kernel's memory: room for thousands of devices that come at once.
inline constexpr int news_buffer_bytes = 16 * 1024 * 1024;

class NewsSocket {
 public:
  static Result<NewsSocket> open();

  // From now on, or no more: entries of forwarding tables, and addresses, routes and rules of the host. Only tunnels
  // need them, and on a router they may be many.
  Result<> follow_underlay(bool on);

  // Readable when there is news; non-blocking.
  int fd() const { return socket_.get(); }

  struct Taken {
    std::size_t count = 0;  // `most`: there may be more.
    bool is_lost = false;   // There were more than the buffer could hold: whoever listens must look for himself.
  };
  // Hands over each message that waits, at most about `most` of them.
  Taken take(std::size_t most, const std::function<void(const nlmsghdr*)>& take_one);

 private:
  explicit NewsSocket(UniqueFd socket);

  UniqueFd socket_;
  bool follows_underlay_ = false;
  std::vector<char> message_;
};

}  // namespace weft::kernel
