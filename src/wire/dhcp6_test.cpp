#include "wire/dhcp6.hpp"

#include <gtest/gtest.h>

namespace weft {
namespace {

IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

Dhcp6Message sample() {
  return {.type = Dhcp6Type::reply,
          .transaction = 0x123456,
          .client_id = {0, 3, 0, 1, 2, 0, 0, 0, 0, 1},
          .server_id = {0, 3, 0, 1, 2, 0, 0, 0, 0, 2},
          .associations = {{.id = 7,
                            .renew_s = 10,
                            .rebind_s = 20,
                            .addresses = {{ip("fd00::9"), 30, 40}},
                            .status = Dhcp6Status{.code = Dhcp6Code::success, .text = "all well"}},
                           {.id = 8, .status = Dhcp6Status{.code = Dhcp6Code::no_addresses}}},
          .has_rapid_commit = true,
          .status = Dhcp6Status{.code = Dhcp6Code::not_on_link, .text = "moved"},
          .dns = {ip("fd00::53"), ip("fd00::54")},
          .domain = "lab.example"};
}

TEST(Dhcp6, comes_back_as_it_was_sent) { EXPECT_EQ(decode_dhcp6(encode(sample())), sample()); }

TEST(Dhcp6, is_none_where_an_option_is_cut_off) {
  const auto whole = encode(sample());
  std::size_t taken = 0;  // Behind a whole option the message may end.
  for (std::size_t bytes = 0; bytes < whole.size(); ++bytes) {
    if (decode_dhcp6(ByteView(whole).first(bytes))) ++taken;
  }
  EXPECT_EQ(taken, 8U);  // The header alone, and behind all but the last of eight options.
}

TEST(Dhcp6, passes_over_options_that_it_does_not_know) {
  auto bytes = encode({.transaction = 1});
  bytes.insert(bytes.end(), {0, 99, 0, 2, 1, 2});
  EXPECT_EQ(decode_dhcp6(bytes), (Dhcp6Message{.transaction = 1}));
}

TEST(Dhcp6, is_none_for_relays_and_unknown_types) {
  for (const std::uint8_t type : Bytes{0, 12, 13, 255}) {
    const Bytes message = {type, 0, 0, 0};
    EXPECT_FALSE(decode_dhcp6(message));
  }
}

TEST(Dhcp6, holds_its_limits) {
  Dhcp6Message message;
  message.associations.resize(most_dhcp6_associations);
  message.associations[0].addresses.resize(most_dhcp6_addresses, {.address = ip("fd00::9")});
  message.client_id.resize(longest_duid);
  EXPECT_EQ(decode_dhcp6(encode(message)), message);
  auto longer = message;
  longer.associations.emplace_back();
  EXPECT_FALSE(decode_dhcp6(encode(longer)));
  longer = message;
  longer.associations[0].addresses.push_back({.address = ip("fd00::9")});
  EXPECT_FALSE(decode_dhcp6(encode(longer)));
  longer = message;
  longer.client_id.push_back(0);
  EXPECT_FALSE(decode_dhcp6(encode(longer)));
}

}  // namespace
}  // namespace weft
