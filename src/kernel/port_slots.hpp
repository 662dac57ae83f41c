// Which port a frame enters by: what the datapath looks up by the number of the device that carries its filter.
//
// There are two maps. All ports are in a hash table; those whose device has a small number, as nearly all have, are in
// an array, too, which costs a frame a third of the look. The array never names a port that is not in the table.
#pragma once

#include <cstdint>
#include <map>

#include "base/error.hpp"
#include "kernel/port_table.hpp"

namespace weft::kernel {

class PortSlots {
 public:
  PortSlots(int port_slots_fd, int near_slots_fd) : all_fd_(port_slots_fd), near_fd_(near_slots_fd) {}

  Result<std::map<std::uint32_t, Slot>> read() const;  // By ifindex.
  Result<> enter(std::uint32_t ifindex, Slot slot) const;
  void forget(std::uint32_t ifindex) const;

 private:
  Result<> set_near(std::uint32_t ifindex, Slot slot) const;

  int all_fd_, near_fd_;
};

}  // namespace weft::kernel
