#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "works.hpp"

#ifndef UDP_GRO
#define UDP_GRO 104
#endif

namespace bench {
namespace {

constexpr std::uint16_t port = 7000;
constexpr unsigned sender_cpu = 0, receiver_cpu = 1;
constexpr std::size_t stream_bytes = 128 << 10;  // A write or read of a stream.
constexpr int segment_bytes = 1400, segments = 40;
constexpr int queue_bytes = 8 << 20;  // So that a receiver who did not run for a moment loses nothing.
constexpr int connect_tries = 100;

sockaddr_in address_of(const std::string& text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (::inet_pton(AF_INET, text.c_str(), &address.sin_addr) != 1) fail(text);
  return address;
}

void connect(const Fd& socket, const std::string& text) {
  const auto address = address_of(text);
  int result = -1;
  // It gives up ten times a second, as all does here.
  for (int i = 0; i < connect_tries && result < 0; ++i) {
    result = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (result < 0 && errno == EISCONN) result = 0;
    if (result < 0 && errno != EINPROGRESS && errno != EALREADY) break;
  }
  check(result, "connect to " + text);
}

void bind(const Fd& socket) {
  const int yes = 1;
  check(::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), "SO_REUSEADDR");
  const auto any = address_of("0.0.0.0");
  check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), "bind");
}

struct Pair {
  Fd sender, receiver;
};

Pair udp_pair(const Run& run) {
  Pair pair{.sender = run.from.socket(AF_INET, SOCK_DGRAM), .receiver = run.to.socket(AF_INET, SOCK_DGRAM)};
  check(::setsockopt(pair.receiver.get(), SOL_SOCKET, SO_RCVBUFFORCE, &queue_bytes, sizeof queue_bytes), "SO_RCVBUF");
  bind(pair.receiver);
  connect(pair.sender, run.address);
  return pair;
}

using Counter = std::atomic<std::uint64_t>;

void add(Counter& counter, std::uint64_t amount) { counter.fetch_add(amount, std::memory_order_relaxed); }

// Runs `send` and `receive` again and again, each in a thread of its own, and measures how `counter` grows meanwhile.
template <class Send, class Receive>
Rate measure(const Run& run, const Counter& counter, unsigned cpu_of_receiver, Send send, Receive receive) {
  std::jthread receiver([&](const std::stop_token& stop) {
    pin_to_cpu(cpu_of_receiver);
    while (!stop.stop_requested()) receive();
  });
  std::jthread sender([&](const std::stop_token& stop) {
    pin_to_cpu(sender_cpu);
    while (!stop.stop_requested()) send();
  });
  return rate([&] { return counter.load(std::memory_order_relaxed); }, run.window);
}

}  // namespace

Rate tcp_stream(const Run& run) {
  const Fd listener = run.to.socket(AF_INET, SOCK_STREAM);
  bind(listener);
  check(::listen(listener.get(), 1), "listen");
  const Fd sender = run.from.socket(AF_INET, SOCK_STREAM);
  connect(sender, run.address);
  const Fd receiver(check(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
  const timeval patience{.tv_sec = 0, .tv_usec = 100'000};
  check(::setsockopt(receiver.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "SO_RCVTIMEO");

  Counter bits = 0;
  std::vector<char> out(stream_bytes), in(stream_bytes);
  return measure(
      run, bits, receiver_cpu, [&] { ::send(sender.get(), out.data(), out.size(), MSG_NOSIGNAL); },
      [&] {
        const auto size = ::recv(receiver.get(), in.data(), in.size(), 0);
        if (size > 0) add(bits, static_cast<std::uint64_t>(size) * 8);
      });
}

Rate udp_ping_pong(const Run& run) {
  const auto pair = udp_pair(run);
  Counter round_trips = 0;
  std::array<char, 18> ping{}, pong{}, answer{};
  return measure(
      run, round_trips, sender_cpu,
      [&] {
        ::send(pair.sender.get(), ping.data(), ping.size(), 0);
        if (::recv(pair.sender.get(), answer.data(), answer.size(), 0) > 0) add(round_trips, 1);
      },
      [&] {
        sockaddr_in who{};
        socklen_t size = sizeof who;
        const auto bytes =
            ::recvfrom(pair.receiver.get(), pong.data(), pong.size(), 0, reinterpret_cast<sockaddr*>(&who), &size);
        if (bytes > 0)
          ::sendto(pair.receiver.get(), pong.data(), pong.size(), 0, reinterpret_cast<sockaddr*>(&who), size);
      });
}

Rate udp_packets(const Run& run) {
  const auto pair = udp_pair(run);
  Counter packets = 0;
  std::array<char, 18> out{}, in{};
  return measure(
      run, packets, receiver_cpu, [&] { ::send(pair.sender.get(), out.data(), out.size(), 0); },
      [&] {
        if (::recv(pair.receiver.get(), in.data(), in.size(), 0) > 0) add(packets, 1);
      });
}

Rate udp_segments(const Run& run) {
  const auto pair = udp_pair(run);
  const int yes = 1;
  check(::setsockopt(pair.sender.get(), IPPROTO_UDP, UDP_SEGMENT, &segment_bytes, sizeof segment_bytes), "UDP_SEGMENT");
  check(::setsockopt(pair.receiver.get(), IPPROTO_UDP, UDP_GRO, &yes, sizeof yes), "UDP_GRO");
  Counter bits = 0;
  std::vector<char> out(static_cast<std::size_t>(segment_bytes) * segments), in(64 << 10);
  return measure(
      run, bits, receiver_cpu, [&] { ::send(pair.sender.get(), out.data(), out.size(), 0); },
      [&] {
        const auto size = ::recv(pair.receiver.get(), in.data(), in.size(), 0);
        if (size > 0) add(bits, static_cast<std::uint64_t>(size) * 8);
      });
}

Delivered udp_counted(const Run& run, const std::function<bool()>& is_over) {
  constexpr std::chrono::microseconds pause{100};
  const auto pair = udp_pair(run);
  std::vector<bool> seen;
  std::atomic<bool> is_all_sent = false;
  Delivered delivered;
  std::jthread receiver([&] {
    for (std::uint64_t number = 0;;) {
      if (::recv(pair.receiver.get(), &number, sizeof number, 0) <= 0) {
        if (is_all_sent) return;  // And nothing came for a tenth of a second.
        continue;
      }
      if (number >= seen.size()) seen.resize(number + 1);
      if (!seen[number]) ++delivered.received;
      seen[number] = true;
    }
  });
  while (!is_over()) {
    if (::send(pair.sender.get(), &delivered.sent, sizeof delivered.sent, 0) > 0) ++delivered.sent;
    std::this_thread::sleep_for(pause);
  }
  is_all_sent = true;
  receiver.join();
  return delivered;
}

}  // namespace bench
