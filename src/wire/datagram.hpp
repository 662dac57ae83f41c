// A UDP datagram together with the headers that carry it, as a server sees it.
#pragma once

#include <optional>

#include "wire/ethernet.hpp"
#include "wire/transport.hpp"

namespace weft {

struct Datagram {
  EthernetHeader ethernet = {};  // The type is made from the addresses.
  IpHeader ip = {};              // The protocol is UDP's.
  UdpHeader udp = {};
  ByteView payload = {};
};

Bytes encode(const Datagram& datagram);
// None: something else, not whole, or a fragment. The checksum is not looked at: a frame of the same host may leave it
// to a device that it never meets. The payload is a part of `frame`.
std::optional<Datagram> decode_datagram(ByteView frame);

}  // namespace weft
