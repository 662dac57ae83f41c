#include "lab/capture.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstring>
#include <vector>

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"

namespace weft::lab {
namespace {

template <class Number>
void put(std::string& text, Number number) {
  std::array<char, sizeof number> bytes;
  std::memcpy(bytes.data(), &number, sizeof number);
  text.append(bytes.data(), bytes.size());
}

bool write_all(int out, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(out, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

Result<UniqueFd> socket_on(const std::string& device) {
  const auto index = ::if_nametoindex(device.c_str());
  if (index == 0) return fail_with_errno("cannot find the device " + device);
  UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
  if (!socket) return fail_with_errno("cannot look into " + device);
  struct sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(index);
  if (::bind(socket.get(), reinterpret_cast<struct sockaddr*>(&address), sizeof address) != 0)
    return fail_with_errno("cannot look into " + device);
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_TIMESTAMP, &on, sizeof on);
  return socket;
}

struct timeval time_of(struct msghdr& message) {
  for (auto* control = CMSG_FIRSTHDR(&message); control != nullptr; control = CMSG_NXTHDR(&message, control)) {
    if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_TIMESTAMP) {
      struct timeval time{};
      std::memcpy(&time, CMSG_DATA(control), sizeof time);
      return time;
    }
  }
  struct timeval now{};
  ::gettimeofday(&now, nullptr);
  return now;
}

}  // namespace

// In this machine's byte order, as readers expect who find the magic number in it.
std::string pcap_header() {
  std::string text;
  put<std::uint32_t>(text, 0xa1b2c3d4);  // Times in microseconds.
  put<std::uint16_t>(text, 2);
  put<std::uint16_t>(text, 4);
  put<std::uint32_t>(text, 0);
  put<std::uint32_t>(text, 0);
  put<std::uint32_t>(text, capture_bytes_max);
  put<std::uint32_t>(text, 1);  // LINKTYPE_ETHERNET
  return text;
}

std::string pcap_packet(std::uint32_t seconds, std::uint32_t microseconds, std::span<const unsigned char> bytes,
                        std::uint32_t length_bytes) {
  std::string text;
  put(text, seconds);
  put(text, microseconds);
  put(text, static_cast<std::uint32_t>(bytes.size()));
  put(text, length_bytes);
  text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text;
}

Result<> capture(const std::string& device, int out) {
  const auto socket = TRY(socket_on(device));
  std::signal(SIGPIPE, SIG_IGN);
  if (!write_all(out, pcap_header())) return {};
  std::vector<unsigned char> bytes(capture_bytes_max);
  alignas(struct cmsghdr) std::array<char, 256> control;
  for (;;) {
    struct iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
    struct msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    // MSG_TRUNC: the length of the packet, also where it is longer than what was read.
    const auto length = ::recvmsg(socket.get(), &message, MSG_TRUNC);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0) return fail_with_errno("cannot read from " + device);
    const auto time = time_of(message);
    const auto kept = std::min<std::size_t>(static_cast<std::size_t>(length), bytes.size());
    if (!write_all(out, pcap_packet(static_cast<std::uint32_t>(time.tv_sec), static_cast<std::uint32_t>(time.tv_usec),
                                    std::span(bytes).first(kept), static_cast<std::uint32_t>(length)))) {
      return {};
    }
  }
}

}  // namespace weft::lab
