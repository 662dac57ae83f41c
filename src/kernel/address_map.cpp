#include "kernel/address_map.hpp"

#include <bpf/bpf.h>

#include <cerrno>
#include <vector>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr std::uint32_t batch_entries = 4096;  // More than any bucket of the hash table holds.

}  // namespace

Result<> for_each_entry(int fdb_fd, const std::function<void(const weft_fdb_key&, const weft_fdb_entry&)>& take) {
  std::vector<weft_fdb_key> keys(batch_entries);
  std::vector<weft_fdb_entry> entries(batch_entries);
  std::uint32_t position = 0;
  bool is_first = true;
  for (;;) {
    std::uint32_t count = batch_entries;
    const int error = bpf_map_lookup_batch(fdb_fd, is_first ? nullptr : &position, &position, keys.data(),
                                           entries.data(), &count, nullptr);
    if (error != 0 && error != -ENOENT) return fail_with_errno(-error, "cannot read the address table");
    for (std::uint32_t i = 0; i < count; ++i) take(keys[i], entries[i]);
    if (error == -ENOENT) return {};
    is_first = false;
  }
}

}  // namespace weft::kernel
