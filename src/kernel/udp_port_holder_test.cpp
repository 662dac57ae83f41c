#include "kernel/udp_port_holder.hpp"

namespace weft::kernel {
namespace {

constexpr std::string_view table =
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer "
    "drops\n"
    "  100: 0100007F:12B5 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0 0\n"
    "  101: 00000000000000000000000000000000:2118 00000000000000000000000000000000:0000 07 00000000:00000000 "
    "00:00000000 00000000  1000        0 4712 2 0 0\n"
    "  102: torn";

TEST(UdpPortHolder, is_found_by_port) {
  EXPECT_EQ(find_udp_inode(table, 4789), 4711U);
  EXPECT_EQ(find_udp_inode(table, 8472), 4712U);
  EXPECT_EQ(find_udp_inode(table, 53), 0U);
  EXPECT_EQ(find_udp_inode("", 53), 0U);
}

}  // namespace
}  // namespace weft::kernel
