#include "kernel/private_tun.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/test_network.hpp"
#include "wire/ip.hpp"
#include "wire/transport.hpp"

namespace weft::kernel {
namespace {

const auto server = *IpAddress::parse("169.254.169.254");
const auto peers = *Subnet::parse("198.18.0.0/15");

Bytes tcp_packet(const char* source, std::uint8_t flags) {
  const IpHeader ip{.source = *IpAddress::parse(source), .destination = server, .protocol = protocol_tcp};
  const TcpHeader tcp{.source_port = 4711, .destination_port = 80, .flags = flags};
  WireWriter out;
  encode(ip, header_bytes_of(tcp), out);
  encode(Transport(tcp), ip, {}, out);
  return out.take();
}

TEST(PrivateTun, lets_those_in_whose_packets_are_written_and_nobody_else) {
  if (::access("/dev/net/tun", R_OK | W_OK) != 0) GTEST_SKIP() << "there is no /dev/net/tun";
  const TestNamespace home;
  home.inside([] {
    const auto tun = PrivateTun::open(server, 80, peers);
    ASSERT_TRUE(tun) << tun.error().details;
    const auto syn = tcp_packet("198.18.0.7", TcpHeader::syn);
    ASSERT_EQ(::write(tun->packets.get(), syn.data(), syn.size()), static_cast<ssize_t>(syn.size()));
    pollfd waits{.fd = tun->packets.get(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&waits, 1, 5000), 1);
    Bytes answer(private_tun_mtu_bytes);
    answer.resize(static_cast<std::size_t>(::read(tun->packets.get(), answer.data(), answer.size())));
    WireReader in(answer);
    const auto ip = decode_ipv4(in);
    ASSERT_TRUE(ip);
    EXPECT_EQ(ip->destination.to_string(), "198.18.0.7");
    EXPECT_EQ(std::get<TcpHeader>(decode_transport(*ip, in)).flags, TcpHeader::syn | TcpHeader::ack);

    // Not from the namespace that we are in.
    const UniqueFd outside(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(80);
    ASSERT_EQ(::inet_pton(AF_INET, "169.254.169.254", &at.sin_addr), 1);
    EXPECT_NE(::connect(outside.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  });
}

}  // namespace
}  // namespace weft::kernel
