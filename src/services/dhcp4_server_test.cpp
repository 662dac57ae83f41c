#include "services/dhcp4_server.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"

namespace weft::services {
namespace {

using enum Dhcp4Option;

const IpAddress none(std::array<std::uint8_t, 4>{});

// Guest `number` and what it hears.
struct Guest {
  Network network = test_network();
  LeaseBook leases = {};
  std::uint8_t number = 1;
  Inquiries inquiries = {};
  std::int64_t now_s = test_now_s, ms = 0;
  Answer answer = {};
  Bytes frame = {};
  std::optional<Datagram> heard = {};

  Dhcp4Message message(Dhcp4Type type) const { return {.transaction = 42, .mac = mac(number), .type = type}; }
  // None: there is no answer.
  std::optional<Dhcp4Message> say(const Dhcp4Message& message) {
    const auto payload = encode(message, 1400, {});
    frame =
        encode(Datagram{.ethernet = {.destination = MacAddress({255, 255, 255, 255, 255, 255}), .source = mac(number)},
                        .ip = {.source = none, .destination = ip("255.255.255.255")},
                        .udp = {.source_port = 68, .destination_port = 67},
                        .payload = payload});
    auto request = request_of(number, frame);
    request.now_ms = now_s * 1000 + ms;
    answer = answer_dhcp4(request, network, leases, inquiries);
    heard = decode_datagram(answer.frame);
    return heard ? decode_dhcp4(heard->payload) : std::nullopt;
  }
  Dhcp4Message request_for(const IpAddress& address) const {
    auto message = this->message(Dhcp4Type::request);
    message.put(requested_address, address);
    return message;
  }
  Dhcp4Message select(const IpAddress& address) const {
    auto message = request_for(address);
    message.put(server, model::metadata_address());
    return message;
  }
  IpAddress get_address() {
    const auto offered = say(message(Dhcp4Type::discover));
    const auto acknowledged = say(select(offered->yours));
    EXPECT_EQ(acknowledged->type, Dhcp4Type::ack);
    return acknowledged->yours;
  }
};

TEST(Dhcp4Service, offers_and_then_gives_an_address_with_all_that_belongs_to_it) {
  auto served = test_served();
  served.router4 = ip("192.168.100.1");
  served.dns = {ip("192.168.100.2"), ip("fd00:100::2")};
  served.domain = "lab";
  served.has_metadata = true;
  served.lease_s = 800;
  Guest guest{.network = {served, 1450}};
  guest.network.add_guest("veth1", {.addresses = {ip("192.168.100.11")}, .hostname = "vm1"});
  const auto offered = guest.say(guest.message(Dhcp4Type::discover));
  ASSERT_TRUE(offered);
  EXPECT_EQ(offered->type, Dhcp4Type::offer);
  EXPECT_EQ(guest.leases.size(), 0U);  // Nothing is taken until it is asked for.
  const auto given = guest.say(guest.select(offered->yours));
  ASSERT_TRUE(given);
  EXPECT_EQ(given->type, Dhcp4Type::ack);
  EXPECT_EQ(given->transaction, 42U);
  EXPECT_EQ(given->yours, ip("192.168.100.11"));
  EXPECT_EQ(given->address(server), ip("169.254.169.254"));
  EXPECT_EQ(given->address(subnet_mask), ip("255.255.255.0"));
  EXPECT_EQ(given->address(router), ip("192.168.100.1"));
  EXPECT_EQ(given->address(dns), ip("192.168.100.2"));
  EXPECT_EQ(given->address(broadcast), ip("192.168.100.255"));
  EXPECT_EQ(given->number(mtu), 1450);
  EXPECT_EQ(*given->find(hostname), (Bytes{'v', 'm', '1'}));
  EXPECT_EQ(*given->find(domain), (Bytes{'l', 'a', 'b'}));
  EXPECT_EQ(*given->find(lease_time), (Bytes{0, 0, 3, 0x20}));
  EXPECT_EQ(*given->find(renewal_time), (Bytes{0, 0, 1, 0x90}));
  EXPECT_EQ(*given->find(rebinding_time), (Bytes{0, 0, 2, 0xbc}));
  EXPECT_EQ(*given->find(classless_routes), (Bytes{32, 169, 254, 169, 254, 0, 0, 0, 0, 0, 192, 168, 100, 1}));
  EXPECT_EQ(guest.heard->ethernet.destination, mac(1));
  EXPECT_EQ(guest.heard->ethernet.source, model::service_mac());
  EXPECT_EQ(guest.heard->ip.destination, ip("192.168.100.11"));
  const auto* lease = guest.leases.find(test_key, mac(1), Family::ipv4);
  ASSERT_NE(lease, nullptr);
  EXPECT_EQ(lease->expires_s, test_now_s + 800);
  EXPECT_EQ(lease->hostname, "vm1");
}

TEST(Dhcp4Service, shouts_where_the_guest_cannot_hear_otherwise) {
  Guest guest;
  auto message = guest.message(Dhcp4Type::discover);
  message.wants_broadcast = true;
  ASSERT_TRUE(guest.say(message));
  EXPECT_EQ(guest.heard->ip.destination, ip("255.255.255.255"));
  EXPECT_EQ(guest.heard->ethernet.destination, MacAddress({255, 255, 255, 255, 255, 255}));
}

TEST(Dhcp4Service, renews_what_a_guest_has_and_refuses_what_it_has_not) {
  Guest guest;
  const auto address = guest.get_address();
  auto renewal = guest.message(Dhcp4Type::request);
  renewal.client = address;
  guest.now_s += 1000;
  EXPECT_EQ(guest.say(renewal)->type, Dhcp4Type::ack);
  EXPECT_EQ(guest.heard->ip.destination, address);
  EXPECT_EQ(guest.leases.find(test_key, mac(1), Family::ipv4)->expires_s, guest.now_s + 3600);
  renewal.client = ip("192.168.100.254");
  EXPECT_EQ(guest.say(renewal)->type, Dhcp4Type::nak);
  EXPECT_EQ(guest.heard->ip.destination, ip("255.255.255.255"));
}

TEST(Dhcp4Service, knows_a_guest_after_its_reboot_and_ours) {
  Guest guest;
  const auto address = guest.get_address();
  EXPECT_EQ(guest.say(guest.request_for(address))->type, Dhcp4Type::ack);
  guest.leases = {};
  EXPECT_EQ(guest.say(guest.request_for(address))->type, Dhcp4Type::ack);
  EXPECT_EQ(guest.say(guest.request_for(ip("10.0.0.1")))->type, Dhcp4Type::nak);  // It comes from another network.
  guest.leases = {};
  EXPECT_EQ(guest.say(guest.request_for(ip("192.168.100.200")))->type, Dhcp4Type::ack);  // It comes from another host.
}

TEST(Dhcp4Service, answers_rapidly_where_that_is_asked) {
  Guest guest;
  auto message = guest.message(Dhcp4Type::discover);
  message.put(rapid_commit, ByteView());
  const auto given = guest.say(message);
  EXPECT_EQ(given->type, Dhcp4Type::ack);
  EXPECT_NE(given->find(rapid_commit), nullptr);
  EXPECT_EQ(guest.leases.size(), 1U);
}

TEST(Dhcp4Service, takes_addresses_back) {
  Guest guest;
  const auto address = guest.get_address();
  auto release = guest.message(Dhcp4Type::release);
  release.client = address;
  EXPECT_FALSE(guest.say(release));
  EXPECT_TRUE(guest.answer.has_changed_leases);
  EXPECT_EQ(guest.leases.size(), 0U);
  auto decline = guest.select(address);
  decline.type = Dhcp4Type::decline;
  EXPECT_FALSE(guest.say(decline));
  EXPECT_NE(guest.answer.trouble.find("in use by another"), std::string::npos);
  EXPECT_NE(guest.get_address(), address);
  decline.put(requested_address, ip("192.168.100.200"));  // One that it was never offered.
  EXPECT_FALSE(guest.say(decline));
  EXPECT_FALSE(guest.answer.has_changed_leases);
}

TEST(Dhcp4Service, tells_the_settings_to_who_has_an_address) {
  Guest guest;
  auto message = guest.message(Dhcp4Type::inform);
  EXPECT_FALSE(guest.say(message));
  message.client = ip("192.168.100.9");
  const auto told = guest.say(message);
  ASSERT_TRUE(told);
  EXPECT_EQ(told->type, Dhcp4Type::ack);
  EXPECT_EQ(told->yours, none);
  EXPECT_EQ(told->find(lease_time), nullptr);
  EXPECT_EQ(told->number(mtu), 1450);
  EXPECT_EQ(guest.leases.size(), 0U);
}

TEST(Dhcp4Service, gives_a_shorter_lease_to_who_wants_it_and_its_id_back) {
  Guest guest;
  auto message = guest.message(Dhcp4Type::discover);
  message.put_u32(lease_time, 60);
  message.put(client_id, Bytes{1, 2, 3});
  EXPECT_EQ(*guest.say(message)->find(lease_time), (Bytes{0, 0, 0, 60}));
  EXPECT_EQ(*guest.say(message)->find(client_id), (Bytes{1, 2, 3}));
  message.put_u32(lease_time, 1);
  EXPECT_EQ(*guest.say(message)->find(lease_time), (Bytes{0, 0, 0, least_asked_lease_s}));
  message.put_u32(lease_time, 100000);
  EXPECT_EQ(*guest.say(message)->find(lease_time), (Bytes{0, 0, 0x0e, 0x10}));
}

TEST(Dhcp4Service, keeps_quiet_where_it_is_not_asked) {
  Guest guest;
  auto message = guest.message(Dhcp4Type::discover);
  message.is_reply = true;
  EXPECT_FALSE(guest.say(message));
  message = guest.message(Dhcp4Type::discover);
  message.relay = ip("10.0.0.1");
  EXPECT_FALSE(guest.say(message));
  message = guest.message(Dhcp4Type::discover);
  message.mac = mac(99);  // For another.
  EXPECT_FALSE(guest.say(message));
  message = guest.select(ip("192.168.100.9"));
  message.put(server, ip("192.168.100.1"));  // Another's offer was taken.
  EXPECT_FALSE(guest.say(message));
  EXPECT_FALSE(guest.say(guest.message(Dhcp4Type::request)));
  for (const auto type : {Dhcp4Type::offer, Dhcp4Type::ack, Dhcp4Type::nak})
    EXPECT_FALSE(guest.say(guest.message(type)));
  guest.network = Network({.subnet6 = Subnet::parse("fd00::/64")}, 0);
  EXPECT_FALSE(guest.say(guest.message(Dhcp4Type::discover)));
  EXPECT_EQ(guest.leases.size(), 0U);
}

TEST(Dhcp4Service, fits_its_answer_into_what_the_guest_takes) {
  auto served = test_served();
  const std::string label(60, 'd');
  served.domain = fmt::format("{0}.{0}.{0}", label);
  for (std::uint8_t i = 1; i <= 16; ++i) served.dns.push_back(ip(fmt::format("192.168.100.{}", i)));
  Guest guest{.network = {served, 0}};
  guest.network.add_guest("veth1", {.hostname = std::string(200, 'h')});
  const auto small = guest.say(guest.message(Dhcp4Type::discover));
  ASSERT_TRUE(small);
  EXPECT_LE(guest.heard->payload.size(), least_dhcp4_bytes);
  EXPECT_NE(small->find(dns), nullptr);
  auto message = guest.message(Dhcp4Type::discover);
  message.put_u16(max_message_bytes, 1500);
  const auto large = guest.say(message);
  EXPECT_NE(large->find(domain), nullptr);
  EXPECT_NE(large->find(hostname), nullptr);
}

}  // namespace
}  // namespace weft::services
