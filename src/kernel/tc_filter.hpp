// Our filter on a device: a direct-action BPF classifier at clsact ingress (tc-bpf(8)), with a handle and a priority of
// our own, so that it stands beside other people's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "kernel/netlink_socket.hpp"

namespace weft::kernel {

// Kernels number other filters from 49152 downwards; people number theirs from 1.
inline constexpr std::uint32_t filter_priority = 0x7766;
inline constexpr std::uint32_t filter_handle = 0x77656674;

// Puts the program on the device, or in the place of the one we had there: no frame passes in between.
Result<> attach_filter(int ifindex, int program_fd, const std::string& device);
// Id of the program we have on the device; 0: none.
Result<std::uint32_t> attached_program_id(NetlinkSocket& socket, int ifindex);
// What a message that the kernel sent by itself says of our filter on a device (RTM_NEWTFILTER and the like).
struct FilterNews {
  int ifindex = 0;
  std::optional<std::uint32_t> program_id = {};  // That we have there now; none: it must be asked for.
};
// None: it is about something else.
std::optional<FilterNews> parse_filter_news(const nlmsghdr* message);
// Takes our filter off, and clsact with it unless others use it. A device that is gone is no error.
Result<> detach_filter(NetlinkSocket& socket, int ifindex, const std::string& device);

}  // namespace weft::kernel
