// What is sent from one end to the other, each for a while; returned is what arrived, per second.
#pragma once

#include <string>

#include "endpoint.hpp"

namespace bench {

struct Run {
  Endpoint from, to;
  std::string address;  // IPv4, of `to`.
  std::chrono::duration<double> window;
};

Rate tcp_stream(const Run& run);     // Bits.
Rate udp_ping_pong(const Run& run);  // Round trips, both ends on one CPU.
Rate udp_packets(const Run& run);    // Of 18 bytes, one send() each.
Rate udp_segments(const Run& run);   // Bits, handed to the kernel 40 datagrams at a time (UDP_SEGMENT), as QUIC does.

// Frames of 60 bytes past the sender's stack, and counted by the receiver's device; its IP drops them at first sight,
// since their header checksum is wrong.
Rate raw_blast(const Run& run);
// The same. Senders and receivers take turns at random among so many addresses: 02:XX:...:XX, by number.
Rate raw_blast(const Run& run, std::uint32_t addresses);
Mac address_of_number(std::uint32_t number);

struct Delivered {
  std::uint64_t sent = 0, received = 0;
};
// A datagram every 100 us until `is_over`; each is numbered, and counted once.
Delivered udp_counted(const Run& run, const std::function<bool()>& is_over);

}  // namespace bench
