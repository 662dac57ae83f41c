#include "kernel/netlink_socket.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <cerrno>
#include <string>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

// The kernel packs up to 32 KiB of a dump into one datagram.
constexpr std::size_t receive_buffer_bytes = 64 * 1024;

// What the kernel says about a failure besides its number (NETLINK_EXT_ACK).
std::string reason_of(const nlmsghdr* message) {
  if ((message->nlmsg_flags & NLM_F_ACK_TLVS) == 0) return {};
  const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message));
  std::size_t header_bytes = sizeof(nlmsgerr);
  // The request is quoted whole, unless the flag says that only its header is.
  if ((message->nlmsg_flags & NLM_F_CAPPED) == 0) header_bytes += error->msg.nlmsg_len - sizeof(nlmsghdr);
  std::string reason;
  for_each_attribute(message, header_bytes, [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == NLMSGERR_ATTR_MSG) reason = mnl_attr_get_str(attribute);
  });
  return reason;
}

}  // namespace

NetlinkMessage::NetlinkMessage(std::uint16_t type, std::uint16_t flags) {
  auto* message = mnl_nlmsg_put_header(buffer_.data());
  message->nlmsg_type = type;
  message->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
}

NetlinkSocket::NetlinkSocket(mnl_socket* socket) : socket_(socket), receive_buffer_(receive_buffer_bytes) {}

Result<NetlinkSocket> NetlinkSocket::open() {
  auto* socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
  if (socket == nullptr) return fail_with_errno(errno, "cannot open a netlink socket");
  NetlinkSocket result(socket);
  int on = 1;
  mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, sizeof on);  // Without it only the texts are poorer.
  mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof on);
  if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) return fail_with_errno(errno, "cannot bind a netlink socket");
  return result;
}

Result<> NetlinkSocket::request(NetlinkMessage& message, std::string_view what) {
  message.header()->nlmsg_flags |= NLM_F_ACK;
  return query(message, what, [](const nlmsghdr*) {});
}

Result<> NetlinkSocket::query(NetlinkMessage& message, std::string_view what,
                              const std::function<void(const nlmsghdr*)>& take) {
  auto* header = message.header();
  const bool is_many = (header->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
  const bool wants_ack = (header->nlmsg_flags & NLM_F_ACK) != 0;
  header->nlmsg_seq = ++sequence_;
  if (mnl_socket_sendto(socket_.get(), header, header->nlmsg_len) < 0) return fail_with_errno(errno, what);
  for (;;) {
    const auto received = mnl_socket_recvfrom(socket_.get(), receive_buffer_.data(), receive_buffer_.size());
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return fail_with_errno(errno, what);
    auto left = static_cast<int>(received);
    const auto* answer = reinterpret_cast<const nlmsghdr*>(receive_buffer_.data());
    for (; mnl_nlmsg_ok(answer, left); answer = mnl_nlmsg_next(answer, &left)) {
      if (answer->nlmsg_seq != sequence_) continue;  // The rest of an answer that we gave up on.
      if (answer->nlmsg_type == NLMSG_DONE) return {};
      if (answer->nlmsg_type == NLMSG_ERROR) {
        const auto* error = static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(answer));
        if (error->error != 0) return fail_with_errno(-error->error, what, reason_of(answer));
        return {};
      }
      take(answer);
      if (!is_many && !wants_ack) return {};
    }
  }
}

void for_each_attribute(const nlmsghdr* message, std::size_t header_bytes,
                        const std::function<void(const nlattr*)>& take) {
  const auto* attribute = static_cast<const nlattr*>(mnl_nlmsg_get_payload_offset(message, header_bytes));
  const auto* end = static_cast<const char*>(mnl_nlmsg_get_payload_tail(message));
  while (mnl_attr_ok(attribute, static_cast<int>(end - reinterpret_cast<const char*>(attribute)))) {
    take(attribute);
    attribute = mnl_attr_next(attribute);
  }
}

void for_each_nested(const nlattr* parent, const std::function<void(const nlattr*)>& take) {
  const auto* attribute = static_cast<const nlattr*>(mnl_attr_get_payload(parent));
  const auto* end = static_cast<const char*>(mnl_attr_get_payload(parent)) + mnl_attr_get_payload_len(parent);
  while (mnl_attr_ok(attribute, static_cast<int>(end - reinterpret_cast<const char*>(attribute)))) {
    take(attribute);
    attribute = mnl_attr_next(attribute);
  }
}

}  // namespace weft::kernel
