#include "lab/capture.hpp"

#include <gtest/gtest.h>

#include <array>

namespace weft::lab {
namespace {

TEST(Pcap, begins_with_24_bytes_and_each_packet_with_16) {
  EXPECT_EQ(pcap_header().size(), 24U);
  const std::array<unsigned char, 3> bytes = {1, 2, 3};
  const auto packet = pcap_packet(1, 2, bytes, 1500);
  ASSERT_EQ(packet.size(), 19U);
  EXPECT_EQ(packet.substr(16), "\x01\x02\x03");
}

}  // namespace
}  // namespace weft::lab
