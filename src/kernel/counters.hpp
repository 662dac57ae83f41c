// The datapath's own counters: what it dropped and why, and what went past a device's statistics.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.hpp"
#include "bpf/abi.h"
#include "kernel/port_table.hpp"

namespace weft::kernel {

struct DropCount {
  int ifindex = 0;  // Of the device that carries the filter.
  weft_drop reason{};
  std::uint64_t frames = 0;

  bool operator==(const DropCount&) const = default;
};

// The text for people that belongs to a reason: "its source address is zero or ...".
const char* text_of(weft_drop reason);
// "BAD_SOURCE"
const char* name_of(weft_drop reason);

Result<std::vector<DropCount>> read_drops(int drops_fd);
void forget_drops(int drops_fd, int ifindex);

Result<weft_passed> read_passed(int passed_fd, Slot port);
Result<> clear_passed(int passed_fd, Slot port);

}  // namespace weft::kernel
