#include "kernel/candidates.hpp"

#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/unique_fd.hpp"
#include "kernel/address_map.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

// 0: it has none.
std::uint32_t size_of_queue(int candidates_fd, BridgeId bridge) {
  std::uint32_t id = 0;
  if (bpf_map_lookup_elem(candidates_fd, &bridge, &id) != 0) return 0;
  const UniqueFd queue(bpf_map_get_fd_by_id(id));
  bpf_map_info info{};
  std::uint32_t bytes = sizeof info;
  return queue && bpf_obj_get_info_by_fd(queue.get(), &info, &bytes) == 0 ? info.max_entries : 0;
}

Result<> fill(int queue_fd, int fdb_fd, BridgeId bridge) {
  struct Learned {
    std::uint32_t seen_tick = 0;
    weft_candidate candidate{};
  };
  std::vector<Learned> learned;
  TRY(for_each_entry(fdb_fd, [&](const weft_fdb_key& key, const weft_fdb_entry& entry) {
    if (key.bridge != bridge || entry.owner != WEFT_FDB_LEARNED) return;
    auto& one = learned.emplace_back(Learned{.seen_tick = entry.seen_tick, .candidate = {.vlan = key.vlan, .mac = {}}});
    std::ranges::copy(key.mac, one.candidate.mac);
  }));
  std::ranges::sort(learned, {}, &Learned::seen_tick);
  for (const auto& one : learned) {
    const int error = bpf_map_update_elem(queue_fd, nullptr, &one.candidate, BPF_EXIST);
    if (error != 0) return fail_with_errno(-error, "cannot enter an address into its bridge's queue");
  }
  return {};
}

}  // namespace

Result<> fit_candidates(int candidates_fd, int fdb_fd, BridgeId bridge, std::uint32_t addresses) {
  if (size_of_queue(candidates_fd, bridge) == addresses) return {};
  const UniqueFd queue(
      bpf_map_create(BPF_MAP_TYPE_QUEUE, "candidate_queue", 0, sizeof(weft_candidate), addresses, nullptr));
  if (!queue) return fail_with_errno(errno, "cannot make a bridge's queue of addresses");
  TRY(fill(queue.get(), fdb_fd, bridge));
  const int fd = queue.get();
  if (const int error = bpf_map_update_elem(candidates_fd, &bridge, &fd, BPF_ANY); error != 0) {
    return fail_with_errno(-error, "cannot give a bridge its queue of addresses");
  }
  return {};
}

void remove_candidates(int candidates_fd, BridgeId bridge) { bpf_map_delete_elem(candidates_fd, &bridge); }

}  // namespace weft::kernel
