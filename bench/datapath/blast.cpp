#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <sys/socket.h>

#include <cstring>
#include <thread>
#include <vector>

#include "works.hpp"

namespace bench {
namespace {

constexpr std::size_t frame_bytes = 60, batch = 64;

struct [[gnu::packed]] Frame {
  Mac to, from;
  std::uint16_t type;
  iphdr ip;
  std::uint16_t udp[4];
  std::uint8_t rest[18];
};
static_assert(sizeof(Frame) == frame_bytes);

Frame frame_between(const Mac& from, const Mac& to) {
  Frame frame{};
  frame.to = to;
  frame.from = from;
  frame.type = htons(ETH_P_IP);
  frame.ip.version = 4;
  frame.ip.ihl = 5;
  frame.ip.ttl = 64;
  frame.ip.protocol = IPPROTO_UDP;
  frame.ip.tot_len = htons(frame_bytes - ETH_HLEN);
  frame.ip.saddr = htonl(0xc6120001);  // 198.18.0.0/15 is for benchmarks (RFC 2544).
  frame.ip.daddr = htonl(0xc6120002);
  frame.ip.check = 0;  // Wrong.
  frame.udp[0] = frame.udp[1] = htons(9);
  frame.udp[2] = htons(frame_bytes - ETH_HLEN - sizeof(iphdr));
  return frame;
}

// Sends to eth0 of a namespace, past its stack and its queue.
class Blaster {
 public:
  Blaster(const Endpoint& from, const Frame& frame)
      : socket_(from.socket(AF_PACKET, SOCK_RAW)), frames_(batch, frame), vectors_(batch), messages_(batch) {
    sockaddr_ll device{};
    device.sll_family = AF_PACKET;
    device.sll_ifindex = static_cast<int>(::if_nametoindex("eth0"));
    check(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&device), sizeof device), "bind to eth0");
    const int yes = 1;
    check(::setsockopt(socket_.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes), "PACKET_QDISC_BYPASS");
    for (std::size_t i = 0; i < batch; ++i) {
      vectors_[i] = {.iov_base = &frames_[i], .iov_len = frame_bytes};
      messages_[i].msg_hdr.msg_iov = &vectors_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  std::vector<Frame>& frames() { return frames_; }
  void send() { ::sendmmsg(socket_.get(), messages_.data(), batch, 0); }

 private:
  Fd socket_;
  std::vector<Frame> frames_;
  std::vector<iovec> vectors_;
  std::vector<mmsghdr> messages_;
};

class Random {  // xorshift32: cheap, and the same each time.
 public:
  std::uint32_t below(std::uint32_t bound) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return static_cast<std::uint32_t>(std::uint64_t{state_} * bound >> 32);
  }

 private:
  std::uint32_t state_ = 2463534242;
};

}  // namespace

Mac address_of_number(std::uint32_t number) {
  return {2,
          0,
          static_cast<std::uint8_t>(number >> 24),
          static_cast<std::uint8_t>(number >> 16),
          static_cast<std::uint8_t>(number >> 8),
          static_cast<std::uint8_t>(number)};
}

Rate raw_blast(const Run& run) { return raw_blast(run, 0); }

Rate raw_blast(const Run& run, std::uint32_t addresses) {
  const auto counters = run.to.device_counters();
  const auto to = run.to.mac();
  Blaster blaster(run.from, frame_between(run.from.mac(), to));
  std::jthread sender([&](const std::stop_token& stop) {
    pin_to_cpu(0);
    for (Random random; !stop.stop_requested(); blaster.send()) {
      if (addresses == 0) continue;
      for (auto& frame : blaster.frames()) {
        // Even numbers are behind the sender's port, odd ones behind the receiver's.
        frame.from = address_of_number(random.below(addresses / 2) * 2);
        frame.to = address_of_number(random.below(addresses / 2) * 2 + 1);
      }
    }
  });
  return rate([&] { return received_frames(counters); }, run.window);
}

}  // namespace bench
