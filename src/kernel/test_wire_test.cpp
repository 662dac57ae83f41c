#include "kernel/test_wire.hpp"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

#include "base/check.hpp"

namespace weft::kernel {
namespace {

constexpr std::uint16_t experimental_type = 0x88b5;
constexpr std::size_t frame_bytes = 64;
constexpr int silence_ms = 30;  // So long nothing came: nothing more will. Frames between veths take microseconds.

void put_u16(std::vector<std::uint8_t>& bytes, std::uint16_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

std::uint16_t get_u16(const std::uint8_t* bytes) { return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]); }

// The kernel takes the outer tag out of the bytes and tells it beside them.
void read_outer_tag(msghdr& message, TestFrame& frame) {
  for (auto* control = CMSG_FIRSTHDR(&message); control != nullptr; control = CMSG_NXTHDR(&message, control)) {
    if (control->cmsg_level != SOL_PACKET || control->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata data{};
    std::memcpy(&data, CMSG_DATA(control), sizeof data);
    if ((data.tp_status & TP_STATUS_VLAN_VALID) == 0) continue;
    frame.tag = data.tp_vlan_tci;
    frame.tag_type = data.tp_vlan_tpid;
  }
}

std::optional<TestFrame> receive(int socket) {
  std::array<std::uint8_t, 2048> bytes{};
  alignas(cmsghdr) std::array<char, 256> control{};
  sockaddr_ll source{};
  iovec vector{.iov_base = bytes.data(), .iov_len = bytes.size()};
  msghdr message{};
  message.msg_name = &source;
  message.msg_namelen = sizeof source;
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const auto received = ::recvmsg(socket, &message, 0);
  if (received < ETH_HLEN || source.sll_pkttype == PACKET_OUTGOING) return std::nullopt;
  TestFrame frame;
  const bool has_inner_tag = get_u16(&bytes[12]) == ETH_P_8021Q;
  if (has_inner_tag) frame.inner_tag = get_u16(&bytes[14]);
  if (get_u16(&bytes[has_inner_tag ? 16 : 12]) != experimental_type) return std::nullopt;
  read_outer_tag(message, frame);
  std::array<std::uint8_t, 6> mac{};
  std::copy_n(&bytes[0], mac.size(), mac.begin());
  frame.to = MacAddress(mac);
  std::copy_n(&bytes[6], mac.size(), mac.begin());
  frame.from = MacAddress(mac);
  return frame;
}

}  // namespace

TestWire::TestWire(const TestNamespace& where, const std::string& device) {
  where.inside([&] {
    socket_.reset(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(ETH_P_ALL);
    address.sll_ifindex = static_cast<int>(::if_nametoindex(device.c_str()));
    CHECK(address.sll_ifindex != 0);
    CHECK(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    const int on = 1;
    CHECK(::setsockopt(socket_.get(), SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) == 0);
  });
}

void TestWire::send(const TestFrame& frame) {
  std::vector<std::uint8_t> bytes(frame.to.bytes().begin(), frame.to.bytes().end());
  bytes.insert(bytes.end(), frame.from.bytes().begin(), frame.from.bytes().end());
  if (frame.tag) {
    put_u16(bytes, frame.tag_type);
    put_u16(bytes, *frame.tag);
  }
  if (frame.inner_tag) {
    put_u16(bytes, ETH_P_8021Q);
    put_u16(bytes, *frame.inner_tag);
  }
  put_u16(bytes, experimental_type);
  bytes.resize(frame_bytes);
  EXPECT_EQ(::send(socket_.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
}

TestFrames TestWire::take() { return take_for(silence_ms); }

void TestWire::discard() { take_for(0); }

TestFrames TestWire::take_for(int wait_ms) {
  TestFrames frames;
  pollfd ready{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  while (::poll(&ready, 1, wait_ms) > 0) {
    if (const auto frame = receive(socket_.get())) frames.push_back(*frame);
  }
  return frames;
}

void WiredSwitchTest::add_wired_host() {
  hosts_.push_back(add_host(static_cast<int>(hosts_.size()) + 1));
  wires_.push_back(std::make_unique<TestWire>(*hosts_.back(), "eth0"));
}

WiredSwitchTest::Arrived WiredSwitchTest::send(int from, const TestFrame& frame) {
  for (const auto& one : wires_) one->discard();
  wire(from).send(frame);
  Arrived arrived;
  for (int number = 1; number <= static_cast<int>(wires_.size()); ++number) {
    if (auto frames = wire(number).take(); !frames.empty()) arrived[number] = std::move(frames);
  }
  return arrived;
}

std::uint64_t WiredSwitchTest::drops(const std::string& device, weft_drop reason) {
  const auto ifindex = observe().links.at(device).ifindex;
  const auto counts = host_->drops().value();
  std::uint64_t frames = 0;
  for (const auto& drop : counts) {
    if (drop.ifindex == ifindex && drop.reason == reason) frames += drop.frames;
  }
  return frames;
}

bool WiredSwitchTest::knows(const MacAddress& mac) {
  const auto addresses = host_->addresses().value();
  return std::ranges::find(addresses, mac, &Address::mac) != addresses.end();
}

TestFrame WiredSwitchTest::to_all(int from) { return {.from = host_mac(from), .to = broadcast_mac}; }

TestFrame WiredSwitchTest::between(int from, int to) { return {.from = host_mac(from), .to = host_mac(to)}; }

TestFrame WiredSwitchTest::tagged(TestFrame frame, std::uint16_t tag) {
  frame.tag = tag;
  return frame;
}

MacAddress host_mac(int number) { return MacAddress({0x52, 0x54, 0, 0, 0, static_cast<std::uint8_t>(number)}); }

}  // namespace weft::kernel
