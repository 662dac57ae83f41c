// The datapath's map of addresses, `fdb`, as it lies in the kernel.
#pragma once

#include <functional>

#include "base/error.hpp"
#include "bpf/abi.h"

namespace weft::kernel {

// Each entry that stays there meanwhile is taken once.
Result<> for_each_entry(int fdb_fd, const std::function<void(const weft_fdb_key&, const weft_fdb_entry&)>& take);

}  // namespace weft::kernel
