#include "apps/metadata_service.hpp"

#include "bpf/abi.h"
#include "kernel/private_tun.hpp"
#include "model/served.hpp"

namespace weft {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr int packets_at_a_time = 64;

}  // namespace

MetadataService::MetadataService(asio::io_context& loop, Callbacks callbacks)
    : loop_(loop), callbacks_(std::move(callbacks)), packets_(loop) {}

Result<> MetadataService::open() {
  auto tun = TRY(kernel::PrivateTun::open(model::metadata_address(), WEFT_METADATA_PORT, services::inside_subnet()));
  packets_.assign(tun.packets.release());
  MetadataServer::Callbacks callbacks{
      .port_of =
          [this](const IpAddress& peer) {
            const auto* asker = wire_.find(peer);
            return asker == nullptr ? std::string() : asker->device;
          },
      .answer = [this](const IpAddress& peer, auto method, auto target) { return answer(peer, method, target); }};
  server_.emplace(loop_, std::move(tun.listener), std::move(callbacks));
  await_packets();
  return {};
}

void MetadataService::close() {
  error_code ignored;
  packets_.close(ignored);
  server_.reset();
}

void MetadataService::take(const services::Request& request) {
  if (!server_) return;
  const auto packet = wire_.to_server(request);
  if (packet) (void)!::write(packets_.native_handle(), packet->data(), packet->size());
}

void MetadataService::await_packets() {
  packets_.async_wait(asio::posix::stream_descriptor::wait_read, [this](error_code error) {
    if (error) return;
    for (int i = 0; i < packets_at_a_time && take_packet(); ++i) continue;
    await_packets();
  });
}

bool MetadataService::take_packet() {
  std::array<std::uint8_t, kernel::private_tun_mtu_bytes> buffer{};
  const auto count = ::read(packets_.native_handle(), buffer.data(), buffer.size());
  if (count <= 0) return false;
  const auto guest = wire_.to_guest(ByteView(buffer).first(static_cast<std::size_t>(count)));
  if (guest) callbacks_.send(guest->asker, guest->frame);
  return true;
}

services::MetadataAnswer MetadataService::answer(const IpAddress& peer, std::string_view method,
                                                 std::string_view target) const {
  const auto* asker = wire_.find(peer);
  return asker == nullptr ? services::MetadataAnswer{.status = 404} : callbacks_.answer(*asker, method, target);
}

}  // namespace weft
