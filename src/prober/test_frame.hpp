// The frames that verify sends besides what the endpoints' own kernels say: a test frame of its own EtherType, and
// questions for the address of a neighbour. Pure: bytes out and in.
#pragma once

#include <optional>

#include "prober/endpoint.hpp"
#include "wire/wire_bytes.hpp"

namespace weft::prober {

// Tells the frames of this verification from those of another at the same time.
using RunId = std::uint64_t;

struct TestFrame {
  MacAddress source = {}, destination = {};
  RunId run = 0;
  std::uint32_t from = 0, to = 0;  // Endpoints; `to` may be everybody.

  bool operator==(const TestFrame&) const = default;
};

// `frame_bytes` with the Ethernet header; at least what the content takes.
Bytes encode(const TestFrame& frame, std::size_t frame_bytes = 60);
// None: no test frame.
std::optional<TestFrame> decode_test_frame(ByteView bytes);

// A broadcast ARP request, or a neighbour solicitation (RFC 4861 section 4.3), for the target's address of the family.
Bytes encode_question(const Endpoint& asker, const Endpoint& target, bool is_ipv6);

struct NeighbourAnswer {
  IpAddress address = {};
  MacAddress mac = {};
  bool operator==(const NeighbourAnswer&) const = default;
};
// An ARP reply, or a neighbour advertisement with its target's address (RFC 4861 section 4.4). None: neither.
std::optional<NeighbourAnswer> decode_answer(ByteView bytes);

}  // namespace weft::prober
