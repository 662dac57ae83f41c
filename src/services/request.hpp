// A frame that asks a service, and where it came from.
#pragma once

#include <string>

#include "services/lease_book.hpp"
#include "wire/wire_bytes.hpp"

namespace weft::services {

struct Request {
  NetworkKey key = {};
  std::string device = {};
  ByteView frame = {};     // Without the tag of its VLAN.
  std::int64_t now_s = 0;  // Since 1970.
};

// What becomes of it. No frame: nobody is to be answered.
struct Answer {
  Bytes frame = {};
  bool has_changed_leases = false;
  std::string trouble = {};  // For the log; empty: none.
};

}  // namespace weft::services
