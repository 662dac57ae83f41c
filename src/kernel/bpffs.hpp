// A BPF file system of our own, which keeps the maps when the daemon is gone (bpf(2), "BPF_OBJ_PIN").
#pragma once

#include <string>

#include "base/error.hpp"

namespace weft::kernel {

// Afterwards `directory` is a BPF file system, for root alone: the one that was there, or a new one.
Result<> mount_bpffs(const std::string& directory);
// Removes the file system with all that is pinned in it, and the directory. None there: nothing to do.
Result<> unmount_bpffs(const std::string& directory);

}  // namespace weft::kernel
