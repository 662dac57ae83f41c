// Our filters on a device: direct-action BPF classifiers at clsact (tc-bpf(8)), with a handle and a priority of our
// own, so that they stand beside other people's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "kernel/netlink_socket.hpp"

namespace weft::kernel {

// Kernels number other filters from 49152 downwards; people number theirs from 1.
enum class FilterSide : std::uint8_t { ingress, egress };
struct FilterPlace {
  FilterSide side = FilterSide::ingress;
  std::uint32_t priority = 0;
  std::uint32_t handle = 0;

  bool operator==(const FilterPlace&) const = default;
};
inline constexpr FilterPlace port_filter{FilterSide::ingress, 0x7766, 0x77656674};
// Behind the one above: where a device is a port, too, that is its business first.
inline constexpr FilterPlace underlay_ingress_filter{FilterSide::ingress, 0x7767, 0x77656675};
inline constexpr FilterPlace underlay_egress_filter{FilterSide::egress, 0x7767, 0x77656675};

// Puts the program on the device, or in the place of the one we had there: no frame passes in between.
Result<> attach_filter(int ifindex, const FilterPlace& place, int program_fd, const std::string& device);
// Id of the program we have on the device; 0: none.
Result<std::uint32_t> attached_program_id(NetlinkSocket& socket, int ifindex, const FilterPlace& place);
// What a message that the kernel sent by itself says of our filters on a device (RTM_NEWTFILTER and the like).
struct FilterNews {
  int ifindex = 0;
  FilterPlace place = {};                        // Of which filter, where there is a program id.
  std::optional<std::uint32_t> program_id = {};  // That we have there now; none: all of them must be asked for.
};
// None: it is about something else.
std::optional<FilterNews> parse_filter_news(const nlmsghdr* message);
// Takes our filter off, and clsact with it unless others use it. A device that is gone is no error.
Result<> detach_filter(NetlinkSocket& socket, int ifindex, const FilterPlace& place, const std::string& device);

}  // namespace weft::kernel
