// For tests: single frames put on a device and taken from it, tags as they are on the wire (packet(7)); and a switch
// whose hosts have such a wire each.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
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
  std::optional<std::uint16_t> tag = {};        // Priority, and VLAN in the lower 12 bits.
  std::optional<std::uint16_t> inner_tag = {};  // The next one, of type 0x8100.
  std::uint16_t tag_type = 0x8100;              // Of the outer one.

  bool operator==(const TestFrame&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const TestFrame& frame) {
    out << frame.from.to_string() << " to " << frame.to.to_string();
    if (!frame.tag) return out << " untagged";
    out << std::hex << " tagged " << frame.tag_type << ':' << *frame.tag;
    if (frame.inner_tag) out << " over " << *frame.inner_tag;
    return out << std::dec;
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

// A switch with wires to the hosts that tests add, numbered from 1 on.
class WiredSwitchTest : public SwitchTest {
 protected:
  using Arrived = std::map<int, TestFrames>;  // By number of the host.

  // Not yet plugged in.
  void add_wired_host();
  TestWire& wire(int number) { return *wires_[static_cast<std::size_t>(number) - 1]; }
  // One frame onto the wire of a host; what each other host then gets.
  Arrived send(int from, const TestFrame& frame);
  std::uint64_t drops(const std::string& device, weft_drop reason);
  bool knows(const MacAddress& mac);
  static TestFrame to_all(int from);
  static TestFrame between(int from, int to);
  static TestFrame tagged(TestFrame frame, std::uint16_t tag);

  std::vector<std::unique_ptr<TestNamespace>> hosts_;

 private:
  std::vector<std::unique_ptr<TestWire>> wires_;
};

// 52:54:00:00:00:NUMBER, the address of the hosts of SwitchTest.
MacAddress host_mac(int number);
inline constexpr MacAddress broadcast_mac({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});

}  // namespace weft::kernel
