#include "wire/dhcp4.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

using enum Dhcp4Option;

Dhcp4Message sample() {
  Dhcp4Message message{.transaction = 0x12345678, .wants_broadcast = true, .mac = MacAddress({2, 0, 0, 0, 0, 1})};
  message.type = Dhcp4Type::request;
  message.put(requested_address, *IpAddress::parse("10.0.0.9"));
  message.put_u16(max_message_bytes, 1500);
  message.put_u32(lease_time, 3600);
  return message;
}

TEST(Dhcp4, comes_back_as_it_was_sent) {
  const auto message = sample();
  const auto bytes = encode(message, 0, {});
  EXPECT_GE(bytes.size(), 300U);
  const auto back = decode_dhcp4(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, message);
  EXPECT_EQ(back->address(requested_address)->to_string(), "10.0.0.9");
  EXPECT_EQ(back->number(max_message_bytes), 1500);
  EXPECT_EQ(back->address(lease_time)->to_string(), "0.0.14.16");
  EXPECT_EQ(back->number(lease_time), std::nullopt);
}

TEST(Dhcp4, uses_the_fields_for_names_where_the_options_have_no_room) {
  auto message = sample();
  message.options[text] = Bytes(250, 'a');
  message.options[domain] = Bytes(120, 'b');
  message.options[hostname] = Bytes(60, 'c');
  const auto bytes = encode(message, 0, {text, domain, hostname});
  EXPECT_LE(bytes.size(), least_dhcp4_bytes);
  const auto back = decode_dhcp4(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, message);
}

TEST(Dhcp4, leaves_out_what_fits_nowhere_the_last_first) {
  auto message = sample();
  message.options[text] = Bytes(250, 'a');
  message.options[domain] = Bytes(253, 'b');
  const auto back = decode_dhcp4(encode(message, 0, {requested_address, lease_time, domain, text}));
  ASSERT_TRUE(back);
  EXPECT_NE(back->find(domain), nullptr);
  EXPECT_EQ(back->find(text), nullptr);
  EXPECT_NE(decode_dhcp4(encode(message, 1400, {}))->find(text), nullptr);
}

TEST(Dhcp4, joins_an_option_that_stands_there_in_pieces) {
  auto message = sample();
  message.options[classless_routes] = Bytes(400, 7);
  const auto back = decode_dhcp4(encode(message, 1400, {}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->find(classless_routes)->size(), 400U);
  message.options[classless_routes] = Bytes(1025, 7);  // More than anybody needs.
  EXPECT_FALSE(decode_dhcp4(encode(message, 2000, {})));
}

TEST(Dhcp4, is_none_where_it_is_cut_off_or_of_another_kind) {
  const auto whole = encode(sample(), 0, {});
  for (std::size_t bytes = 0; bytes < 243; ++bytes) EXPECT_FALSE(decode_dhcp4(ByteView(whole).first(bytes))) << bytes;
  for (const std::size_t place : {0, 1, 2, 237, 242}) {  // Operation, hardware, length, cookie, type.
    auto other = whole;
    other[place] = 99;
    EXPECT_FALSE(decode_dhcp4(other)) << place;
  }
}

}  // namespace
}  // namespace weft
