#include "prober/frame_socket.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>

#include "base/system_error.hpp"

namespace weft::prober {
namespace {

constexpr int receive_buffer_bytes = 4 << 20;  // All endpoints of a large lab broadcast at once.
constexpr std::size_t frame_bytes_max = 65536 + 64;

}  // namespace

Result<> FrameSocket::open(Loop& loop, int device_index, Content content, std::span<const sock_filter> filter) {
  // Of no type yet: nothing comes from other devices, or past the filter, before it is bound.
  const int type = content == Content::frames ? SOCK_RAW : SOCK_DGRAM;
  socket_.reset(::socket(AF_PACKET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_) return fail_with_errno("cannot open a packet socket");
  const sock_fprog program{.len = static_cast<unsigned short>(filter.size()),
                           .filter = const_cast<sock_filter*>(filter.data())};
  if (::setsockopt(socket_.get(), SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) != 0) {
    return fail_with_errno("cannot filter what a packet socket takes in");
  }
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer_bytes, sizeof receive_buffer_bytes);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = device_index;
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return fail_with_errno("cannot bind a packet socket");
  }
  return loop.watch(socket_.get(), EPOLLIN, *this);
}

void FrameSocket::send(ByteView frame) const {
  [[maybe_unused]] const auto sent = ::send(socket_.get(), frame.data(), frame.size(), 0);
}

void FrameSocket::ready(std::uint32_t) {
  static std::array<std::uint8_t, frame_bytes_max> buffer;  // One thread, and never two at once.
  for (;;) {
    sockaddr_ll source{};
    socklen_t size = sizeof source;
    const auto got =
        ::recvfrom(socket_.get(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&source), &size);
    if (got < 0) return;
    take(ByteView(buffer).first(static_cast<std::size_t>(got)), source.sll_pkttype == PACKET_OUTGOING);
  }
}

}  // namespace weft::prober
