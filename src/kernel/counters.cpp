#include "kernel/counters.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <numeric>

#include "base/check.hpp"
#include "kernel/map_keys.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

std::size_t cpu_count() {
  static const int count = libbpf_num_possible_cpus();
  CHECK(count > 0);
  return static_cast<std::size_t>(count);
}

}  // namespace

const char* text_of(weft_drop reason) {
  switch (reason) {
#define WEFT_DROP_TEXT(name, text) \
  case WEFT_DROP_##name:           \
    return text;
    WEFT_DROP_REASONS(WEFT_DROP_TEXT)
#undef WEFT_DROP_TEXT
    case WEFT_DROP_COUNT:
      break;
  }
  return "for a reason that this version does not know";
}

const char* name_of(weft_drop reason) {
  switch (reason) {
#define WEFT_DROP_NAME(name, text) \
  case WEFT_DROP_##name:           \
    return #name;
    WEFT_DROP_REASONS(WEFT_DROP_NAME)
#undef WEFT_DROP_NAME
    case WEFT_DROP_COUNT:
      break;
  }
  return "UNKNOWN";
}

Result<std::vector<DropCount>> read_drops(int drops_fd) {
  std::vector<DropCount> drops;
  std::vector<std::uint64_t> per_cpu(cpu_count());
  for (const auto& key : TRY(read_keys<weft_drop_key>(drops_fd, "drop counters"))) {
    if (bpf_map_lookup_elem(drops_fd, &key, per_cpu.data()) != 0) continue;  // Just forgotten.
    drops.push_back({.ifindex = static_cast<int>(key.ifindex),
                     .reason = static_cast<weft_drop>(key.reason),
                     .frames = std::accumulate(per_cpu.begin(), per_cpu.end(), std::uint64_t{0})});
  }
  return drops;
}

void forget_drops(int drops_fd, int ifindex) {
  for (std::uint32_t reason = 0; reason < WEFT_DROP_COUNT; ++reason) {
    const weft_drop_key key{.ifindex = static_cast<std::uint32_t>(ifindex), .reason = reason};
    bpf_map_delete_elem(drops_fd, &key);  // Most are not there.
  }
}

Result<weft_passed> read_passed(int passed_fd, Slot port) {
  std::vector<weft_passed> per_cpu(cpu_count());
  if (const int error = bpf_map_lookup_elem(passed_fd, &port, per_cpu.data()); error != 0) {
    return fail_with_errno(-error, "cannot read the counters of what went past a device");
  }
  weft_passed sum{};
  for (const auto& cpu : per_cpu) {
    sum.rx_frames += cpu.rx_frames;
    sum.rx_bytes += cpu.rx_bytes;
    sum.tx_frames += cpu.tx_frames;
    sum.tx_bytes += cpu.tx_bytes;
  }
  return sum;
}

Result<> clear_passed(int passed_fd, Slot port) {
  const std::vector<weft_passed> zero(cpu_count());
  if (const int error = bpf_map_update_elem(passed_fd, &port, zero.data(), BPF_ANY); error != 0) {
    return fail_with_errno(-error, "cannot clear the counters of what went past a device");
  }
  return {};
}

}  // namespace weft::kernel
