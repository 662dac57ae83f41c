#include "kernel/punts.hpp"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <cerrno>

#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr std::size_t addresses_bytes = 12;

// As form_on() in bpf/vlan.h, for a frame without a priority.
bool bears_tag(const weft_port_vlan& port, std::uint16_t vlan) {
  if (vlan == 0 || port.mode == WEFT_VLAN_ACCESS || port.mode == WEFT_VLAN_TUNNEL) return false;
  return port.mode != WEFT_VLAN_NATIVE_UNTAGGED || vlan != port.tag;
}

}  // namespace

void Punts::Closer::operator()(::ring_buffer* ring) const { ring_buffer__free(ring); }

Punts::Punts(std::unique_ptr<Taking> taking, std::unique_ptr<::ring_buffer, Closer> ring, UniqueFd socket)
    : taking_(std::move(taking)), ring_(std::move(ring)), socket_(std::move(socket)) {}

Result<Punts> Punts::open(int ring_fd) {
  auto taking = std::make_unique<Taking>();
  std::unique_ptr<::ring_buffer, Closer> ring(ring_buffer__new(ring_fd, &Punts::take_record, taking.get(), nullptr));
  if (!ring) return fail_with_errno(errno, "cannot read what the datapath hands to weftd");
  UniqueFd socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return fail_with_errno(errno, "cannot open a socket to send frames by");
  return Punts(std::move(taking), std::move(ring), std::move(socket));
}

int Punts::fd() const { return ring_buffer__epoll_fd(ring_.get()); }

bool Punts::take(const std::function<void(const Punt&)>& take_one) {
  *taking_ = {.take_one = &take_one, .count = 0};
  ring_buffer__consume(ring_.get());
  return taking_->count >= punts_at_a_time;
}

int Punts::take_record(void* taking, void* record, std::size_t bytes) {
  auto& to = *static_cast<Taking*>(taking);
  const auto& punt = *static_cast<const weft_punt*>(record);
  ++to.count;
  const auto age_ticks = static_cast<std::int32_t>(current_tick() - punt.tick);
  if (bytes >= sizeof punt && punt.bytes <= sizeof punt.frame && age_ticks <= WEFT_PUNT_TICKS) {
    (*to.take_one)({.port = punt.port,
                    .bridge = punt.bridge,
                    .vlan = punt.vlan,
                    .service = static_cast<weft_service>(punt.service),
                    .frame = ByteView(punt.frame, punt.bytes)});
  }
  return to.count >= punts_at_a_time ? -EAGAIN : 0;  // Not 0: libbpf stops behind this one.
}

Bytes frame_for_port(const weft_port_vlan& port, std::uint16_t vlan, ByteView frame) {
  Bytes bytes(frame.begin(), frame.end());
  if (!bears_tag(port, vlan) || bytes.size() < addresses_bytes) return bytes;
  const std::uint8_t tag[] = {0x81, 0x00, static_cast<std::uint8_t>(vlan >> 8), static_cast<std::uint8_t>(vlan)};
  bytes.insert(bytes.begin() + addresses_bytes, std::begin(tag), std::end(tag));
  return bytes;
}

Result<> Punts::send(const weft_port& port, std::uint16_t vlan, ByteView frame, const std::string& device) const {
  const auto bytes = frame_for_port(port.vlan, vlan, frame);
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(port.ifindex);
  const auto sent =
      ::sendto(socket_.get(), bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
  if (sent < 0) return fail_with_errno(errno, fmt::format("{}: cannot send a frame out of this port", device));
  return {};
}

}  // namespace weft::kernel
