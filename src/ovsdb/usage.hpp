// What a server holds, in numbers: for memory/show (ovs-appctl(8)).
#pragma once

#include <cstddef>

namespace weft::ovsdb {

class Service;

struct Usage {
  std::size_t rows = 0;
  std::size_t cells = 0;  // Of all rows, _uuid and _version among them.
  std::size_t atoms = 0;  // In all cells.
  std::size_t sessions = 0;
  std::size_t monitors = 0;
};

// Counts: costs by what is there.
Usage usage_of(const Service& service);

}  // namespace weft::ovsdb
