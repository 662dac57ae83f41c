#include "services/lease_text.hpp"

#include <gtest/gtest.h>

#include "services/test_network.hpp"

namespace weft::services {
namespace {

LeaseBook sample() {
  LeaseBook book;
  book.grant(client(1), ip("192.168.100.11"), "vm \"one\"", test_now_s + 60);
  book.grant(client(1), ip("fd00:100::11"), "", test_now_s + 60);
  book.grant({.network = {.bridge = "lu-br0", .vlan = 7}, .device = "veth1", .mac = mac(1)}, ip("10.0.7.1"), "",
             test_now_s + 60);
  return book;
}

TEST(LeaseText, reads_as_the_leases_that_were_written) {
  const auto book = sample();
  const auto read = read_leases(to_text(book.leases()));
  EXPECT_EQ(read.bad_lines, 0U) << read.first_reason;
  ASSERT_EQ(read.leases.size(), 3U);
  const auto* lease = read.leases.find(test_key, mac(1), Family::ipv4);
  ASSERT_NE(lease, nullptr);
  EXPECT_EQ(*lease, *book.find(test_key, mac(1), Family::ipv4));
}

TEST(LeaseText, loses_only_the_line_that_is_torn) {
  auto text = to_text(sample().leases());
  text.resize(text.size() - 10);
  const auto read = read_leases(text);
  EXPECT_EQ(read.leases.size(), 2U);
  EXPECT_EQ(read.bad_lines, 1U);
  EXPECT_TRUE(read.first_reason.starts_with("line 3: ")) << read.first_reason;
}

TEST(LeaseText, passes_over_what_is_no_lease) {
  auto text = to_text(sample().leases());
  const auto good = text.substr(0, text.find('\n') + 1);
  const auto read = read_leases("\n[]\n{}\nnot JSON\n" + good + good + std::string("\0\1\n", 3));
  EXPECT_EQ(read.leases.size(), 1U);
  EXPECT_EQ(read.bad_lines, 6U);
}

}  // namespace
}  // namespace weft::services
