#include "kernel/port_slots.hpp"

#include <bpf/bpf.h>

#include "bpf/abi.h"
#include "kernel/map_keys.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {

Result<std::map<std::uint32_t, Slot>> PortSlots::read() const {
  std::map<std::uint32_t, Slot> slots;
  for (const auto ifindex : TRY(read_keys<std::uint32_t>(all_fd_, "ports"))) {
    Slot slot = 0;
    if (bpf_map_lookup_elem(all_fd_, &ifindex, &slot) == 0) slots.emplace(ifindex, slot);
  }
  return slots;
}

Result<> PortSlots::enter(std::uint32_t ifindex, Slot slot) const {
  if (const int error = bpf_map_update_elem(all_fd_, &ifindex, &slot, BPF_ANY); error != 0) {
    return fail_with_errno(-error, "cannot enter the port into the datapath");
  }
  return set_near(ifindex, slot);
}

void PortSlots::forget(std::uint32_t ifindex) const {
  // An array's element can always be set.
  [[maybe_unused]] const auto done = set_near(ifindex, 0);
  bpf_map_delete_elem(all_fd_, &ifindex);
}

Result<> PortSlots::set_near(std::uint32_t ifindex, Slot slot) const {
  if (ifindex >= WEFT_NEAR_IFINDEXES) return {};
  if (const int error = bpf_map_update_elem(near_fd_, &ifindex, &slot, BPF_ANY); error != 0) {
    return fail_with_errno(-error, "cannot enter the port into the datapath");
  }
  return {};
}

}  // namespace weft::kernel
