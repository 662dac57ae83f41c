#include "prober/echo.hpp"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <deque>

#include "base/system_error.hpp"
#include "prober/rounds.hpp"
#include "prober/socket_address.hpp"
#include "wire/checksum.hpp"
#include "wire/ip.hpp"
#include "wire/transport.hpp"

namespace weft::prober {
namespace {

constexpr std::uint8_t unreachable4 = 3, needs_fragments = 4;  // Type, and a code of it (RFC 792, RFC 1191).
constexpr std::uint8_t unreachable6 = 1, packet_too_big = 2;   // Types (RFC 4443).
constexpr std::size_t echo_header_bytes = 8;
constexpr std::size_t small_bytes = 56;        // As ping(8) sends them.
constexpr int receive_buffer_bytes = 4 << 20;  // A burst of the largest answers, and others' too.

std::size_t ip_header_bytes(bool is_ipv6) { return is_ipv6 ? 40 : 20; }

// Of what follows the IP header: as large as the devices of both ends carry.
std::size_t content_bytes(const Endpoint& from, const Endpoint& to, Probe probe) {
  if (probe == Probe::small4 || probe == Probe::small6) return echo_header_bytes + small_bytes;
  const auto mtu_bytes = std::min(from.mtu_bytes, to.mtu_bytes);
  return std::max<std::size_t>(mtu_bytes, 128) - ip_header_bytes(is_ipv6(probe));
}

Bytes echo_request(bool is_ipv6, std::uint16_t identifier, std::uint16_t sequence, std::size_t bytes) {
  WireWriter out;
  out.u8(is_ipv6 ? icmpv6_echo_request.type : icmp_echo_request.type);
  out.u8(0);
  out.u16(0);  // Of ICMPv6 the kernel makes the checksum.
  out.u16(identifier);
  out.u16(sequence);
  out.zeros(bytes - echo_header_bytes);
  if (!is_ipv6) {
    Checksum checksum;
    checksum.add(out.from(0));
    out.set_u16(2, checksum.value());
  }
  return out.take();
}

// What came to a raw socket.
struct Echo {
  Outcome outcome = Outcome::answered;
  std::uint16_t identifier = 0, sequence = 0;
  std::size_t bytes = 0;  // Of the answer, from the ICMP header on.
};

std::optional<Outcome> meaning_of(std::uint8_t type, std::uint8_t code, bool is_ipv6) {
  if (type == (is_ipv6 ? icmpv6_echo_reply.type : icmp_echo_reply.type)) return Outcome::answered;
  if (is_ipv6 && type == packet_too_big) return Outcome::too_large;
  if (is_ipv6) return type == unreachable6 ? std::optional(Outcome::unreachable) : std::nullopt;
  if (type != unreachable4) return std::nullopt;
  return code == needs_fragments ? Outcome::too_large : Outcome::unreachable;
}

// `packet`: of IPv4 with its header, of IPv6 without, as raw sockets hand it over (raw(7)).
std::optional<Echo> read_echo(ByteView packet, bool is_ipv6) {
  WireReader in(packet);
  if (!is_ipv6 && !decode_ipv4(in)) return std::nullopt;
  const auto bytes = in.rest().size();
  const auto type = in.u8();
  const auto code = in.u8();
  const auto outcome = meaning_of(type, code, is_ipv6);
  if (!outcome) return std::nullopt;
  in.u16();
  if (*outcome != Outcome::answered) {  // Our own packet is quoted behind the header.
    in.u32();
    if (is_ipv6 ? !decode_ipv6(in) : !decode_ipv4(in)) return std::nullopt;
    in.u32();
  }
  Echo echo{.outcome = *outcome, .bytes = bytes};
  echo.identifier = in.u16();
  echo.sequence = in.u16();
  return in.is_whole() ? std::optional(echo) : std::nullopt;
}

class EchoSocket final : public Watcher {
 public:
  EchoSocket(const Endpoints& all, Questions& questions, std::uint32_t from, std::uint16_t identifier)
      : all_(all), questions_(questions), from_(from), identifier_(identifier), is_ipv6_(is_ipv6(questions.probe())) {}

  // In the namespace that we are in.
  Result<> open(Loop& loop) {
    socket_.reset(::socket(is_ipv6_ ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
                           is_ipv6_ ? static_cast<int>(IPPROTO_ICMPV6) : static_cast<int>(IPPROTO_ICMP)));
    if (!socket_) return fail_with_errno("cannot open a raw socket");
    // "Probe": never fragmented, and no larger or smaller than asked for, whatever the kernel thinks of the path.
    if (is_ipv6_) {
      set(IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE);
      set(IPPROTO_IPV6, IPV6_DONTFRAG, 1);
    } else {
      set(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
    }
    set(SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer_bytes);
    filter();
    return loop.watch(socket_.get(), EPOLLIN, *this);
  }

  void send(std::uint32_t to) {
    const auto& target = all_[to];
    const auto bytes = content_bytes(all_[from_], target, questions_.probe());
    if (request_.size() != bytes || is_ipv6_ == false) {
      request_ = echo_request(is_ipv6_, identifier_, static_cast<std::uint16_t>(to), bytes);
    } else {
      WireWriter sequence;
      sequence.u16(static_cast<std::uint16_t>(to));
      std::ranges::copy(sequence.from(0), request_.begin() + 6);
    }
    const SocketAddress address(is_ipv6_ ? *target.address6 : *target.address4, 0);
    if (::sendto(socket_.get(), request_.data(), request_.size(), 0, address.get(), address.size()) >= 0) return;
    if (errno == EMSGSIZE) return questions_.end(from_, to, Outcome::too_large);
    if (errno != ENOBUFS && errno != EAGAIN) questions_.suspect(from_, to, Outcome::unreachable);
  }

  void ready(std::uint32_t) override {
    std::array<std::uint8_t, 2048> buffer;  // The rest of a larger answer is zeros; only its length matters.
    SocketAddress source;
    for (;;) {
      const auto got =
          ::recvfrom(socket_.get(), buffer.data(), buffer.size(), MSG_TRUNC, source.room(), source.room_size());
      if (got < 0) return;
      const auto whole = static_cast<std::size_t>(got);
      take(ByteView(buffer).first(std::min(whole, buffer.size())), whole, source.address());
    }
  }

 private:
  void set(int level, int option, int value) { ::setsockopt(socket_.get(), level, option, &value, sizeof value); }

  // Questions of others never wake us.
  void filter() {
    if (is_ipv6_) {
      std::array<std::uint32_t, 8> blocked{};
      blocked.fill(~0U);
      for (const unsigned type : {unsigned{unreachable6}, unsigned{packet_too_big}, unsigned{icmpv6_echo_reply.type}}) {
        blocked[type / 32] &= ~(1U << (type % 32));
      }
      ::setsockopt(socket_.get(), IPPROTO_ICMPV6, ICMPV6_FILTER, blocked.data(), sizeof blocked);
    } else {
      const std::uint32_t blocked = ~(1U << icmp_echo_reply.type | 1U << unreachable4);
      ::setsockopt(socket_.get(), SOL_RAW, ICMP_FILTER, &blocked, sizeof blocked);
    }
  }

  void take(ByteView packet, std::size_t whole_bytes, const IpAddress& source) {
    const auto echo = read_echo(packet, is_ipv6_);
    if (!echo || echo->identifier != identifier_ || echo->sequence >= all_.size()) return;
    const std::uint32_t to = echo->sequence;
    if (echo->outcome != Outcome::answered) return questions_.suspect(from_, to, echo->outcome);
    const auto& target = all_[to];
    const bool is_whole = whole_bytes == content_bytes(all_[from_], target, questions_.probe()) + outer_bytes();
    if (is_whole && source == (is_ipv6_ ? target.address6 : target.address4)) questions_.answer(from_, to);
  }
  std::size_t outer_bytes() const { return is_ipv6_ ? 0 : ip_header_bytes(false); }

  const Endpoints& all_;
  Questions& questions_;
  std::uint32_t from_;
  std::uint16_t identifier_;
  bool is_ipv6_;
  UniqueFd socket_;
  Bytes request_;  // The last that was sent.
};

}  // namespace

Result<> ask_by_echo(Loop& loop, const Endpoints& all, const LocalEndpoints& here, Questions& questions,
                     std::uint16_t identifier) {
  std::deque<EchoSocket> sockets;  // Watched: they must not move.
  std::vector<EchoSocket*> by_number(all.size(), nullptr);
  for (const auto& endpoint : here) {
    if (!endpoint.is_usable()) continue;
    endpoint.enter();
    auto& socket = sockets.emplace_back(all, questions, endpoint.number(), identifier);
    TRY(socket.open(loop));
    by_number[endpoint.number()] = &socket;
  }
  ask_in_rounds(loop, questions, [&](const Questions::Question& question) {
    if (auto* socket = by_number[question.from]) socket->send(question.to);
  });
  return {};
}

}  // namespace weft::prober
