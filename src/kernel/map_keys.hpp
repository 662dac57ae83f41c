// The keys of a BPF hash map.
#pragma once

#include <bpf/bpf.h>
#include <fmt/format.h>

#include <cerrno>
#include <vector>

#include "kernel/system_error.hpp"

namespace weft::kernel {

// `what`: of the map, for the error. A key that comes or goes meanwhile may be among them or not.
template <class Key>
Result<std::vector<Key>> read_keys(int map_fd, const char* what) {
  std::vector<Key> keys;
  Key next{};
  int error = 0;
  while ((error = bpf_map_get_next_key(map_fd, keys.empty() ? nullptr : &keys.back(), &next)) == 0) {
    keys.push_back(next);
  }
  if (error != -ENOENT) return fail_with_errno(-error, fmt::format("cannot read the datapath's {}", what));
  return keys;
}

}  // namespace weft::kernel
