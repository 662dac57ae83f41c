#include "services/inquiries.hpp"

#include <gtest/gtest.h>

#include "services/dhcp4_server.hpp"
#include "services/test_network.hpp"
#include "wire/frame.hpp"

namespace weft::services {
namespace {

const IpAddress none(std::array<std::uint8_t, 4>{});
const IpAddress first_of_pool = ip("192.168.100.50");

// The pool has few addresses, so that guests meet in them.
Network network_with_tunnel() {
  auto served = test_served();
  served.pool4_first = first_of_pool;
  served.pool4_last = ip("192.168.100.53");
  Network network(served, 1450);
  network.add_tunnel("vxlan0");
  return network;
}
std::vector<std::uint8_t> guests_that_meet() {
  std::vector<std::uint8_t> numbers;
  for (std::uint8_t number = 1; numbers.size() < 2; ++number) {
    const auto address = LeaseBook().choose(client(number), network_with_tunnel(), Family::ipv4, test_now_s);
    if (address.value() == first_of_pool) numbers.push_back(number);
  }
  return numbers;
}
const std::uint8_t low = guests_that_meet()[0], high = guests_that_meet()[1];

struct Host {
  Network network = network_with_tunnel();
  LeaseBook leases = {};
  Inquiries inquiries = {};
  std::int64_t now_ms = test_now_s * 1000;
  Answer answer = {};

  Request request(std::uint8_t number, ByteView frame) const {
    auto request = request_of(number, frame);
    request.now_ms = now_ms;
    return request;
  }
  std::optional<Dhcp4Message> say(std::uint8_t number, const Dhcp4Message& message) {
    const auto payload = encode(message, 1400, {});
    const auto frame =
        encode(Datagram{.ethernet = {.destination = MacAddress({255, 255, 255, 255, 255, 255}), .source = mac(number)},
                        .ip = {.source = none, .destination = ip("255.255.255.255")},
                        .udp = {.source_port = 68, .destination_port = 67},
                        .payload = payload});
    answer = answer_dhcp4(request(number, frame), network, leases, inquiries);
    const auto heard = decode_datagram(answer.frame);
    return heard ? decode_dhcp4(heard->payload) : std::nullopt;
  }
  // At once, which asks the other hosts.
  std::optional<Dhcp4Message> discover(std::uint8_t number) {
    return say(number, {.transaction = 42, .mac = mac(number), .type = Dhcp4Type::discover});
  }
  std::optional<Dhcp4Message> get_offer(std::uint8_t number) {
    auto offered = discover(number);
    while (answer.wait_ms != 0) {
      now_ms += answer.wait_ms;
      offered = discover(number);
    }
    return offered;
  }
  std::optional<Dhcp4Message> want(std::uint8_t number, const IpAddress& address) {
    Dhcp4Message message{.transaction = 42, .mac = mac(number), .type = Dhcp4Type::request};
    message.put(Dhcp4Option::requested_address, address);
    return say(number, message);
  }
  std::optional<Dhcp4Message> renew(std::uint8_t number, const IpAddress& address) {
    return say(number, {.transaction = 42, .client = address, .mac = mac(number), .type = Dhcp4Type::request});
  }
  IpAddress get_address(std::uint8_t number) {
    const auto address = get_offer(number)->yours;
    now_ms += inquiry_ms;
    EXPECT_EQ(want(number, address)->type, Dhcp4Type::ack);
    return address;
  }
  // From another host. What it answers.
  Bytes hear(const Bytes& frame) {
    answer = hear_probe(request(0, frame), network, leases, inquiries);
    return answer.frame;
  }
};

Bytes arp(ArpPacket::Operation operation, std::uint8_t from, const IpAddress& sender, const IpAddress& target) {
  return encode(Frame{
      .ethernet = {.destination = MacAddress({255, 255, 255, 255, 255, 255}), .source = mac(from), .type = type_arp},
      .network = ArpPacket{.operation = operation, .sender_mac = mac(from), .sender = sender, .target = target}});
}
Bytes probe(std::uint8_t from, const IpAddress& address) { return arp(ArpPacket::request, from, none, address); }
Bytes answer_of(std::uint8_t from, const IpAddress& address) { return arp(ArpPacket::reply, from, address, none); }

TEST(Inquiries, are_made_in_the_guests_name_before_an_offer_and_wait_longer_before_the_address_is_given) {
  Host host;
  EXPECT_FALSE(host.discover(low));
  EXPECT_EQ(host.answer.wait_ms, offer_wait_ms);
  EXPECT_EQ(host.answer.inquiry, probe(low, first_of_pool));
  host.now_ms += offer_wait_ms;
  const auto offered = host.discover(low);
  ASSERT_TRUE(offered);
  EXPECT_EQ(offered->type, Dhcp4Type::offer);
  EXPECT_EQ(offered->yours, first_of_pool);
  EXPECT_FALSE(host.want(low, first_of_pool));
  EXPECT_EQ(host.answer.wait_ms, inquiry_ms - offer_wait_ms);
  EXPECT_TRUE(host.answer.inquiry.empty()) << "it is asked once";
  host.now_ms += host.answer.wait_ms;
  EXPECT_EQ(host.want(low, first_of_pool)->type, Dhcp4Type::ack);
}

TEST(Inquiries, are_made_when_a_guest_wants_an_address_that_it_had_elsewhere) {
  Host host;
  EXPECT_FALSE(host.want(low, first_of_pool));
  EXPECT_EQ(host.answer.wait_ms, inquiry_ms);
  EXPECT_EQ(host.answer.inquiry, probe(low, first_of_pool));
  host.now_ms += inquiry_ms;
  EXPECT_EQ(host.want(low, first_of_pool)->type, Dhcp4Type::ack);
}

TEST(Inquiries, are_not_made_where_nobody_else_can_have_the_address) {
  Host host;
  const auto address = host.get_address(low);
  EXPECT_EQ(host.renew(low, address)->type, Dhcp4Type::ack) << "it has it here";
  host.network.add_guest(client(high).device, {.addresses = {ip("192.168.100.77")}});
  EXPECT_EQ(host.want(high, ip("192.168.100.77"))->type, Dhcp4Type::ack) << "it is the guest's by configuration";
  Host alone{.network = test_network()};
  const auto offered = alone.discover(low);
  ASSERT_TRUE(offered);
  EXPECT_TRUE(alone.answer.inquiry.empty());
  EXPECT_EQ(alone.want(low, offered->yours)->type, Dhcp4Type::ack) << "there is no other host";
}

TEST(Inquiries, make_a_rapid_answer_an_offer) {
  Host host;
  Dhcp4Message message{.transaction = 42, .mac = mac(low), .type = Dhcp4Type::discover};
  message.put(Dhcp4Option::rapid_commit, ByteView());
  EXPECT_FALSE(host.say(low, message));
  host.now_ms += offer_wait_ms;
  EXPECT_EQ(host.say(low, message)->type, Dhcp4Type::offer);
}

TEST(Inquiries, that_are_answered_at_once_offer_the_guest_another_address) {
  Host host;
  host.discover(low);
  host.hear(answer_of(99, first_of_pool));
  EXPECT_NE(host.answer.trouble.find("192.168.100.50 is in use by 02:00:00:00:00:63 on another host"),
            std::string::npos);
  EXPECT_FALSE(host.answer.has_changed_leases);
  EXPECT_FALSE(host.discover(low));
  EXPECT_EQ(host.answer.inquiry, probe(low, ip("192.168.100.51")));
  EXPECT_EQ(host.get_address(low), ip("192.168.100.51"));
}

TEST(Inquiries, that_are_answered_after_the_offer_refuse_the_address) {
  Host host;
  EXPECT_EQ(host.get_offer(low)->yours, first_of_pool);
  host.hear(answer_of(99, first_of_pool));
  EXPECT_EQ(host.want(low, first_of_pool)->type, Dhcp4Type::nak);
  EXPECT_EQ(host.get_address(low), ip("192.168.100.51"));
}

TEST(Inquiries, that_are_answered_late_end_the_lease_so_that_its_renewal_is_refused) {
  Host host;
  host.get_address(low);
  host.hear(answer_of(99, first_of_pool));
  EXPECT_TRUE(host.answer.has_changed_leases);
  EXPECT_EQ(host.answer.changed_device, client(low).device);
  EXPECT_EQ(host.renew(low, first_of_pool)->type, Dhcp4Type::nak);
}

TEST(Inquiries, that_nobody_made_are_answered_in_vain) {
  Host host;
  host.get_address(low);
  host.hear(answer_of(low, first_of_pool));
  EXPECT_FALSE(host.answer.has_changed_leases) << "it is the guest itself";
  host.now_ms += late_answer_ms;
  host.hear(answer_of(99, first_of_pool));
  EXPECT_FALSE(host.answer.has_changed_leases);
  EXPECT_EQ(host.renew(low, first_of_pool)->type, Dhcp4Type::ack);
  host.hear(answer_of(99, ip("192.168.100.53")));
  EXPECT_TRUE(host.answer.trouble.empty());
}

TEST(Inquiries, of_others_for_what_a_guest_has_are_answered_in_its_name) {
  Host host;
  host.get_address(high);
  const auto said = decode_frame(host.hear(probe(low, first_of_pool)));
  ASSERT_TRUE(said);
  EXPECT_EQ(said->ethernet.destination, mac(low));
  EXPECT_EQ(said->ethernet.source, mac(high));
  const auto& packet = std::get<ArpPacket>(said->network);
  EXPECT_EQ(packet.operation, ArpPacket::reply);
  EXPECT_EQ(packet.sender, first_of_pool);
  EXPECT_EQ(packet.sender_mac, mac(high));
  EXPECT_TRUE(host.hear(probe(high, first_of_pool)).empty()) << "it has come to another host";
  EXPECT_TRUE(host.hear(probe(low, ip("192.168.100.52"))).empty()) << "it is nobody's here";
}

// Each hears the other's question, in whatever order, and what is said to its own.
TEST(Inquiries, at_the_same_time_on_two_hosts_leave_the_address_to_one_of_them) {
  for (const bool is_low_first : {false, true}) {
    Host of_low, of_high;
    of_low.discover(low);
    of_high.discover(high);
    const auto from_low = of_low.answer.inquiry, from_high = of_high.answer.inquiry;
    const auto low_hears = [&] {
      if (const auto said = of_low.hear(from_high); !said.empty()) of_high.hear(said);
    };
    const auto high_hears = [&] {
      if (const auto said = of_high.hear(from_low); !said.empty()) of_low.hear(said);
    };
    if (is_low_first) low_hears();
    high_hears();
    if (!is_low_first) low_hears();
    EXPECT_EQ(of_low.get_address(low), first_of_pool);
    EXPECT_EQ(of_high.get_address(high), ip("192.168.100.51"));
  }
}

TEST(Inquiries, hear_nothing_in_other_packets) {
  Host host;
  host.discover(low);
  for (const auto& frame : {arp(ArpPacket::reply, 99, first_of_pool, ip("192.168.100.9")),
                            arp(ArpPacket::request, 99, first_of_pool, first_of_pool), Bytes(60), Bytes(3)}) {
    EXPECT_TRUE(host.hear(frame).empty());
    EXPECT_TRUE(host.answer.trouble.empty());
  }
}

TEST(Inquiries, remember_so_many_and_of_more_the_newest) {
  Inquiries inquiries;
  const auto subnet = *Subnet::parse("10.0.0.0/8");
  const auto is_known = [&](std::uint32_t i) {
    return inquiries.asker(test_key, subnet.host(i), test_now_s + 10).has_value();
  };
  for (std::uint32_t i = 0; i <= most_inquiries; ++i) {
    EXPECT_TRUE(inquiries.ask(client(1), subnet.host(i), test_now_s + i / 2000));
  }
  EXPECT_FALSE(is_known(0));
  EXPECT_TRUE(is_known(1));
  EXPECT_TRUE(is_known(most_inquiries));
}

}  // namespace
}  // namespace weft::services
