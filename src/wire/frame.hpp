// An Ethernet frame as people think of it: its header, what it carries, and how much data behind that.
#pragma once

#include "base/error.hpp"
#include "wire/arp.hpp"
#include "wire/ethernet.hpp"
#include "wire/transport.hpp"

namespace weft {

struct IpPacket {
  IpHeader header = {};
  Transport transport = {};

  bool operator==(const IpPacket&) const = default;
};

// None: something else, of the header's type.
using Network = std::variant<std::monostate, ArpPacket, IpPacket>;

struct Frame {
  EthernetHeader ethernet = {};
  Network network = {};
  std::size_t data_bytes = 0;  // Behind the innermost header that is told.

  bool operator==(const Frame&) const = default;
};

// The data is zeros; lengths and checksums are right. Not padded to 60 bytes: only a wire asks for that.
Bytes encode(const Frame& frame);

// Whatever is not whole, or not known, counts as data. Error "bad frame": not even the Ethernet header is whole.
Result<Frame> decode_frame(ByteView bytes);

}  // namespace weft
