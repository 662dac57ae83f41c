// A frame that asks a service, and where it came from.
#pragma once

#include <string>

#include "services/lease_book.hpp"
#include "wire/wire_bytes.hpp"

namespace weft::services {

struct Request {
  NetworkKey key = {};
  std::string device = {};
  ByteView frame = {};      // Without the tag of its VLAN.
  std::int64_t now_ms = 0;  // Since 1970.

  std::int64_t now_s() const { return now_ms / 1000; }
};

// What becomes of it. No frame: nobody is to be answered.
struct Answer {
  Bytes frame = {};
  Bytes inquiry = {};        // To be sent to the other hosts; empty: nothing is asked of them.
  std::int64_t wait_ms = 0;  // Not 0: nothing is decided yet; the same request is to be answered again after so long.
  bool has_changed_leases = false;
  std::string changed_device = {};  // Whose leases, if not the asker's.
  std::string trouble = {};         // For the log; empty: none.
};

}  // namespace weft::services
