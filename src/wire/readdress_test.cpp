#include "wire/readdress.hpp"

#include <gtest/gtest.h>

#include "wire/transport.hpp"

namespace weft {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

Bytes packet(std::string_view source, std::string_view destination,
             const Transport& transport = TcpHeader{.source_port = 1}) {
  const Bytes content = {1, 2, 3};
  const IpHeader header{
      .source = ip(source), .destination = ip(destination), .protocol = protocol_of(transport, ip(source))};
  WireWriter out;
  encode(header, header_bytes_of(transport) + content.size(), out);
  encode(transport, header, content, out);
  return out.take();
}

TEST(Readdress, makes_the_packet_that_would_have_been_sent_between_the_others) {
  auto before = packet("192.168.100.11", "169.254.169.254");
  before[20 + 16] = 0x55;  // A checksum that is left to a device.
  before.resize(before.size() + 7);
  EXPECT_EQ(readdress_tcp(before, ip("198.18.0.1"), ip("169.254.169.254")), packet("198.18.0.1", "169.254.169.254"));
}

TEST(Readdress, is_nothing_for_what_is_no_whole_packet_of_tcp) {
  const auto whole = packet("10.0.0.1", "10.0.0.2");
  const auto to = ip("10.0.0.3");
  for (std::size_t bytes = 0; bytes < 40; ++bytes)
    EXPECT_FALSE(readdress_tcp(ByteView(whole).first(bytes), to, to)) << bytes;
  EXPECT_FALSE(readdress_tcp(packet("10.0.0.1", "10.0.0.2", UdpHeader{}), to, to));
  for (const std::size_t place : {6, 7}) {  // More fragments follow; one before.
    auto fragment = whole;
    fragment[place] = 0x20;
    EXPECT_FALSE(readdress_tcp(fragment, to, to)) << place;
  }
}

}  // namespace
}  // namespace weft
