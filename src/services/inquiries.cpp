#include "services/inquiries.hpp"

#include <fmt/format.h>

#include "wire/frame.hpp"

namespace weft::services {
namespace {

const MacAddress everybody({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
const IpAddress unspecified(std::array<std::uint8_t, 4>{});

Bytes probe(const MacAddress& asker, const IpAddress& address) {
  return encode(Frame{
      .ethernet = {.destination = everybody, .source = asker, .type = type_arp},
      .network =
          ArpPacket{.operation = ArpPacket::request, .sender_mac = asker, .sender = unspecified, .target = address}});
}

// As the guest itself would answer a probe.
Bytes answer_to_probe(const MacAddress& prober, const IpAddress& address, const MacAddress& owner) {
  return encode(Frame{.ethernet = {.destination = prober, .source = owner, .type = type_arp},
                      .network = ArpPacket{.operation = ArpPacket::reply,
                                           .sender_mac = owner,
                                           .sender = address,
                                           .target_mac = prober,
                                           .target = unspecified}});
}

// Of somebody on another host.
struct Claim {
  MacAddress mac = {};
  IpAddress address = {};
  bool is_wish = false;  // It probes itself; else it says that it has the address.
};

std::optional<Claim> claim_of(ByteView frame) {
  const auto decoded = decode_frame(frame);
  const auto* arp = decoded ? std::get_if<ArpPacket>(&decoded->network) : nullptr;
  if (arp == nullptr || arp->sender_mac.is_multicast() || arp->sender_mac.is_zero()) return std::nullopt;
  const bool is_wish = arp->operation == ArpPacket::request && arp->sender == unspecified;
  const bool is_answer = arp->operation == ArpPacket::reply && arp->target == unspecified;
  if (!is_wish && !is_answer) return std::nullopt;
  return Claim{.mac = arp->sender_mac, .address = is_wish ? arp->target : arp->sender, .is_wish = is_wish};
}

}  // namespace

std::optional<Bytes> Inquiries::ask(const Client& client, const IpAddress& address, std::int64_t now_ms) {
  if (find(client.network, address, now_ms) != nullptr) return std::nullopt;
  const Key key{client.network, address};
  if (const auto old = inquiries_.find(key); old != inquiries_.end()) erase(old);
  if (inquiries_.size() >= most_inquiries) erase(inquiries_.find(by_age_.begin()->second));
  inquiries_[key] = {.mac = client.mac, .asked_ms = now_ms};
  by_age_.emplace(now_ms, key);
  return probe(client.mac, address);
}

std::int64_t Inquiries::wait_ms(const NetworkKey& network, const IpAddress& address, std::int64_t now_ms,
                                std::int64_t since_asked_ms) const {
  const auto* inquiry = find(network, address, now_ms);
  return inquiry == nullptr ? 0 : std::max<std::int64_t>(0, inquiry->asked_ms + since_asked_ms - now_ms);
}

std::optional<MacAddress> Inquiries::asker(const NetworkKey& network, const IpAddress& address,
                                           std::int64_t now_ms) const {
  const auto* inquiry = find(network, address, now_ms);
  return inquiry == nullptr ? std::nullopt : std::optional(inquiry->mac);
}

void Inquiries::forget(const NetworkKey& network, const IpAddress& address) {
  if (const auto inquiry = inquiries_.find({network, address}); inquiry != inquiries_.end()) erase(inquiry);
}

// Nothing of it is left of a clock that was set back.
const Inquiries::Inquiry* Inquiries::find(const NetworkKey& network, const IpAddress& address,
                                          std::int64_t now_ms) const {
  const auto inquiry = inquiries_.find({network, address});
  if (inquiry == inquiries_.end()) return nullptr;
  const auto age_ms = now_ms - inquiry->second.asked_ms;
  return age_ms < 0 || age_ms >= late_answer_ms ? nullptr : &inquiry->second;
}

void Inquiries::erase(std::map<Key, Inquiry>::iterator inquiry) {
  by_age_.erase({inquiry->second.asked_ms, inquiry->first});
  inquiries_.erase(inquiry);
}

Answer hear_probe(const Request& request, const Network& network, LeaseBook& leases, Inquiries& inquiries) {
  const auto claim = claim_of(request.frame);
  if (!claim) return {};
  const auto* lease = leases.holder(request.key, claim->address, request.now_s());
  const auto asker = inquiries.asker(request.key, claim->address, request.now_ms);
  if (lease == nullptr && !asker) return {};
  const auto owner = lease == nullptr ? *asker : lease->mac;
  if (owner == claim->mac) return {};
  const bool gives_way = claim->is_wish ? lease == nullptr && claim->mac < owner
                                        : asker.has_value() && !network.is_reserved(claim->address);
  if (!gives_way) {
    return {.frame = claim->is_wish ? answer_to_probe(claim->mac, claim->address, owner) : Bytes()};
  }
  Answer answer{
      .has_changed_leases = lease != nullptr,
      .changed_device = lease == nullptr ? std::string() : lease->device,
      .trouble = fmt::format("{}: {} is in use by {} on another host; {} gets another one", request.key.bridge,
                             claim->address.to_string(), claim->mac.to_string(), owner.to_string())};
  // None of a port's: it is no fault of the guest's.
  leases.decline({.network = request.key, .mac = owner}, claim->address, request.now_s());
  inquiries.forget(request.key, claim->address);
  return answer;
}

}  // namespace weft::services
