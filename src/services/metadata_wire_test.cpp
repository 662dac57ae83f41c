#include "services/metadata_wire.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"
#include "wire/frame.hpp"

namespace weft::services {
namespace {

Bytes frame(std::uint8_t number, std::string_view source, std::string_view destination = "169.254.169.254") {
  return encode(Frame{
      .ethernet = {.destination = model::service_mac(), .source = mac(number), .type = type_ipv4},
      .network = IpPacket{.header = {.source = ip(source), .destination = ip(destination), .protocol = protocol_tcp},
                          .transport = TcpHeader{.source_port = 4711, .destination_port = 80}}});
}
IpAddress source_of(const Bytes& packet) { return *IpAddress::from_bytes(&packet[12], 4); }

// What the server says to it.
Bytes answer_to(const Bytes& packet) {
  const IpHeader header{
      .source = model::metadata_address(), .destination = source_of(packet), .protocol = protocol_tcp};
  const TcpHeader tcp{.source_port = 80, .destination_port = 4711};
  WireWriter out;
  encode(header, header_bytes_of(tcp), out);
  encode(Transport(tcp), header, {}, out);
  return out.take();
}

TEST(MetadataWire, knows_by_the_port_who_asks_whatever_address_it_claims) {
  MetadataWire wire;
  const auto first = wire.to_server(request_of(1, frame(1, "10.0.0.1")));
  const auto second = wire.to_server(request_of(2, frame(1, "10.0.0.1")));
  ASSERT_TRUE(first && second);
  EXPECT_NE(source_of(*first), source_of(*second));
  EXPECT_EQ(wire.find(source_of(*first))->device, "veth1");
  EXPECT_EQ(wire.find(source_of(*second))->device, "veth2");
  EXPECT_EQ(wire.to_server(request_of(1, frame(1, "10.0.0.1"))), first);
}

TEST(MetadataWire, brings_the_answer_back_to_who_asked) {
  MetadataWire wire;
  const auto packet = wire.to_server(request_of(7, frame(7, "10.0.0.9")));
  const auto back = wire.to_guest(answer_to(*packet));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->asker.device, "veth7");
  const auto heard = decode_frame(back->frame);
  EXPECT_EQ(heard->ethernet.destination, mac(7));
  EXPECT_EQ(heard->ethernet.source, model::service_mac());
  const auto& header = std::get<IpPacket>(heard->network).header;
  EXPECT_EQ(header.source, ip("169.254.169.254"));
  EXPECT_EQ(header.destination, ip("10.0.0.9"));
}

TEST(MetadataWire, passes_nothing_else_on) {
  MetadataWire wire;
  EXPECT_FALSE(wire.to_server(request_of(1, frame(1, "10.0.0.1", "10.0.0.2"))));
  EXPECT_FALSE(wire.to_server(request_of(1, frame(1, "255.255.255.255"))));
  EXPECT_FALSE(wire.to_server(request_of(1, {})));
  const auto whole = frame(1, "10.0.0.1");
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    EXPECT_FALSE(wire.to_server(request_of(1, ByteView(whole).first(bytes))));
  }
  EXPECT_FALSE(wire.to_guest(answer_to(*MetadataWire().to_server(request_of(1, whole)))));
}

// Who asks from where: a number of a port, and of an address behind it. 0: it is not heard.
struct Askers {
  MetadataWire wire = {};
  std::int64_t now_s = test_now_s;

  IpAddress ask(std::uint32_t port, std::uint32_t number) {
    const auto bytes = frame(1, Subnet::parse("10.0.0.0/8")->host(number).to_string());
    auto request = request_of(1, bytes);
    request.device = fmt::format("veth{}", port);
    request.now_ms = now_s * 1000;
    const auto packet = wire.to_server(request);
    return packet ? source_of(*packet) : IpAddress();
  }
};

TEST(MetadataWire, has_room_for_so_many_of_a_port_and_then_its_most_silent_one_goes) {
  Askers askers;
  const auto first = askers.ask(1, 0), second = askers.ask(1, 1);
  for (std::uint32_t number = 2; number < most_askers_per_port; ++number) askers.ask(1, number);
  EXPECT_EQ(askers.ask(1, most_askers_per_port), IpAddress()) << "all may be in the middle of a request";
  EXPECT_NE(askers.ask(2, 0), IpAddress()) << "others are not touched by it";
  askers.now_s += asker_rest_s;
  EXPECT_EQ(askers.ask(1, 0), first);
  EXPECT_EQ(askers.ask(1, most_askers_per_port), second);
  EXPECT_EQ(askers.ask(1, 0), first);
}

TEST(MetadataWire, has_room_for_so_many_of_all_ports_and_then_the_most_silent_one_goes) {
  Askers askers;
  const auto first = askers.ask(0, 0), second = askers.ask(0, 1);
  for (std::uint32_t number = 2; number < most_askers; ++number) askers.ask(number / most_askers_per_port, number);
  EXPECT_EQ(askers.ask(99, 0), IpAddress());
  askers.now_s += asker_rest_s;
  EXPECT_EQ(askers.ask(0, 0), first);
  EXPECT_EQ(askers.ask(99, 0), second);
  EXPECT_EQ(askers.ask(0, 0), first);
}

}  // namespace
}  // namespace weft::services
