#include "wire/mac_address.hpp"

namespace weft {
namespace {

TEST(MacAddress, is_the_same_after_parsing_and_printing) {
  EXPECT_EQ(MacAddress::parse("52:54:00:AA:00:01")->to_string(), "52:54:00:aa:00:01");
}

TEST(MacAddress, refuses_anything_but_six_pairs) {
  for (const auto* text :
       {"", "52:54:00:aa:00", "52:54:00:aa:00:01:02", "52-54-00-aa-00-01", "52:54:00:aa:00:0g", "5:254:00:aa:00:01"}) {
    EXPECT_FALSE(MacAddress::parse(text)) << text;
  }
}

TEST(MacAddress, knows_multicast) {
  EXPECT_TRUE(MacAddress::parse("ff:ff:ff:ff:ff:ff")->is_multicast());
  EXPECT_TRUE(MacAddress::parse("01:00:5e:00:00:01")->is_multicast());
  EXPECT_FALSE(MacAddress::parse("52:54:00:aa:00:01")->is_multicast());
}

}  // namespace
}  // namespace weft
