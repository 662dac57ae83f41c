// One conversation with the kernel over rtnetlink (rtnetlink(7)), in the namespace where the socket was opened.
#pragma once

#include <libmnl/libmnl.h>

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weft::kernel {

// A message under construction; attributes are appended with libmnl's mnl_attr_put_*().
class NetlinkMessage {
 public:
  NetlinkMessage(std::uint16_t type, std::uint16_t flags);
  nlmsghdr* header() { return reinterpret_cast<nlmsghdr*>(buffer_.data()); }
  template <class Header>
  Header* put_header() {
    return static_cast<Header*>(mnl_nlmsg_put_extra_header(header(), sizeof(Header)));
  }

 private:
  alignas(nlmsghdr) std::array<char, 4096> buffer_{};  // Ours are below 500 bytes.
};

class NetlinkSocket {
 public:
  static Result<NetlinkSocket> open();

  // Sends and awaits the acknowledgement. `what`: what cannot be done if it fails.
  Result<> request(NetlinkMessage& message, std::string_view what);
  // Sends and hands over each message of the answer: one object, or with NLM_F_DUMP many.
  Result<> query(NetlinkMessage& message, std::string_view what, const std::function<void(const nlmsghdr*)>& take);

 private:
  struct Closer {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
  };
  explicit NetlinkSocket(mnl_socket* socket);

  std::unique_ptr<mnl_socket, Closer> socket_;
  std::vector<char> receive_buffer_;
  std::uint32_t sequence_ = 0;
};

// The attributes of `message` behind its `header_bytes` long family header.
void for_each_attribute(const nlmsghdr* message, std::size_t header_bytes,
                        const std::function<void(const nlattr*)>& take);
void for_each_nested(const nlattr* parent, const std::function<void(const nlattr*)>& take);

}  // namespace weft::kernel
