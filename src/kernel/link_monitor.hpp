// Tells that something about the network devices of our namespace changed; what, the next look at them says.
#pragma once

#include "base/error.hpp"
#include "base/unique_fd.hpp"

namespace weft::kernel {

class LinkMonitor {
 public:
  static Result<LinkMonitor> open();

  // Readable when there is news; non-blocking.
  int fd() const { return socket_.get(); }
  // Takes all news there is. True: look at the devices again. Lost news count as news.
  bool take_news();

 private:
  explicit LinkMonitor(UniqueFd socket) : socket_(std::move(socket)) {}
  UniqueFd socket_;
};

}  // namespace weft::kernel
