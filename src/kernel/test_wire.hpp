// For tests: single frames put on a device and taken from it, tags as they are on the wire (packet(7)).
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "kernel/test_network.hpp"
#include "wire/mac_address.hpp"

namespace weft::kernel {

// Of the type for local experiments (IEEE 802-2014 section 9.2.4), so that the hosts' own frames are told apart.
struct TestFrame {
  MacAddress from = {};
  MacAddress to = {};
  std::optional<std::uint16_t> tag = {};  // Priority, and VLAN in the lower 12 bits.

  bool operator==(const TestFrame&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const TestFrame& frame) {
    out << frame.from.to_string() << " to " << frame.to.to_string();
    return frame.tag ? out << " tagged " << std::hex << *frame.tag << std::dec : out << " untagged";
  }
};
using TestFrames = std::vector<TestFrame>;

class TestWire {
 public:
  TestWire(const TestNamespace& where, const std::string& device);
  void send(const TestFrame& frame);
  // What arrived since the last call, when nothing more comes. Not what was sent here.
  TestFrames take();
  void discard();  // What arrived so far.

 private:
  TestFrames take_for(int wait_ms);

  UniqueFd socket_;
};

// 52:54:00:00:00:NUMBER, the address of the hosts of SwitchTest.
MacAddress host_mac(int number);
inline constexpr MacAddress broadcast_mac({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});

}  // namespace weft::kernel
