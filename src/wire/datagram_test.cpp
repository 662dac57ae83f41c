#include "wire/datagram.hpp"

#include <gtest/gtest.h>

#include "wire/frame.hpp"

namespace weft {
namespace {

Datagram between(std::string_view source, std::string_view destination, ByteView payload) {
  return {.ethernet = {.destination = MacAddress({2, 0, 0, 0, 0, 2}), .source = MacAddress({2, 0, 0, 0, 0, 1})},
          .ip = {.source = *IpAddress::parse(source), .destination = *IpAddress::parse(destination)},
          .udp = {.source_port = 67, .destination_port = 68},
          .payload = payload};
}

TEST(Datagram, comes_back_as_it_was_sent) {
  const Bytes payload = {1, 2, 3};
  for (const auto& [source, destination] : {std::pair("10.0.0.1", "10.0.0.2"), std::pair("fe80::1", "ff02::1")}) {
    auto frame = encode(between(source, destination, payload));
    frame.resize(frame.size() + 20);  // Padding is none of it.
    const auto back = decode_datagram(frame);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->ip.source.to_string(), source);
    EXPECT_EQ(back->ip.destination.to_string(), destination);
    EXPECT_EQ(back->udp, (UdpHeader{67, 68}));
    EXPECT_EQ(Bytes(back->payload.begin(), back->payload.end()), payload);
  }
}

TEST(Datagram, is_none_where_something_is_cut_off_or_lies_about_its_length) {
  const Bytes payload = {1, 2, 3};
  const auto whole = encode(between("10.0.0.1", "10.0.0.2", payload));
  for (std::size_t bytes = 0; bytes + payload.size() < whole.size(); ++bytes) {
    EXPECT_FALSE(decode_datagram(ByteView(whole).first(bytes))) << bytes;
  }
  constexpr std::size_t length_place = 14 + 20 + 4;
  for (const int length : {0, 7, 12, 65535}) {
    auto lying = whole;
    lying[length_place] = static_cast<std::uint8_t>(length >> 8);
    lying[length_place + 1] = static_cast<std::uint8_t>(length);
    EXPECT_FALSE(decode_datagram(lying)) << length;
  }
}

TEST(Datagram, is_none_for_another_protocol_or_a_fragment) {
  const auto ip = [](Transport transport) {
    return encode(
        Frame{.ethernet = {.type = type_ipv4},
              .network = IpPacket{.header = {.source = IpAddress(std::array<std::uint8_t, 4>{10, 0, 0, 1}),
                                             .destination = IpAddress(std::array<std::uint8_t, 4>{10, 0, 0, 2}),
                                             .protocol = protocol_of(transport, {})},
                                  .transport = transport}});
  };
  EXPECT_FALSE(decode_datagram(ip(TcpHeader{})));
  auto fragment = ip(UdpHeader{});
  EXPECT_TRUE(decode_datagram(fragment));
  fragment[14 + 7] = 1;  // An offset.
  EXPECT_FALSE(decode_datagram(fragment));
}

}  // namespace
}  // namespace weft
