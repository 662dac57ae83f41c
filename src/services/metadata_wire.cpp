#include "services/metadata_wire.hpp"

#include <algorithm>

#include "model/served.hpp"
#include "wire/ethernet.hpp"
#include "wire/ip.hpp"
#include "wire/readdress.hpp"

namespace weft::services {

Subnet inside_subnet() { return Subnet::around(IpAddress(std::array<std::uint8_t, 4>{198, 18, 0, 0}), 15); }

std::optional<Bytes> MetadataWire::to_server(const Request& request) {
  WireReader in(request.frame);
  const auto ethernet = decode_ethernet(in);
  if (!ethernet || ethernet->type != type_ipv4 || ethernet->source.is_multicast()) return std::nullopt;
  const auto packet = in.rest();
  const auto ip = decode_ipv4(in);
  const bool is_request = ip && ip->destination == model::metadata_address() && !ip->source.is_multicast() &&
                          !ip->source.is_unspecified() && !ip->source.is_broadcast();
  // Before the packet is known to be one, nobody gets a number for it.
  if (!is_request || !readdress_tcp(packet, ip->source, ip->destination)) return std::nullopt;
  const auto number =
      number_of({.network = request.key, .device = request.device, .mac = ethernet->source, .address = ip->source},
                request.now_s());
  if (!number) return std::nullopt;
  return readdress_tcp(packet, inside_subnet().host(*number), ip->destination);
}

std::optional<std::uint32_t> MetadataWire::number_of(const Asker& asker, std::int64_t now_s) {
  const auto known = numbers_.find(asker);
  const auto number = known == numbers_.end() ? free_number(asker.device) : known->second;
  const auto before = places_.find(number);
  const bool is_anothers = before != places_.end() && before->second.asker != asker;
  if (is_anothers && before->second.used_s + asker_rest_s > now_s) return std::nullopt;
  use(number, asker, now_s);
  return number;
}

// One that nobody has, or that of whoever was silent for longest.
std::uint32_t MetadataWire::free_number(const std::string& device) const {
  const auto of_port = by_use_.find(device);
  if (of_port != by_use_.end() && of_port->second.size() >= most_askers_per_port)
    return of_port->second.begin()->second;
  if (places_.size() < most_askers) return static_cast<std::uint32_t>(places_.size());
  const auto oldest =
      std::ranges::min_element(by_use_, {}, [](const auto& entry) { return entry.second.begin()->first; });
  return oldest->second.begin()->second;
}

void MetadataWire::use(std::uint32_t number, const Asker& asker, std::int64_t now_s) {
  if (const auto place = places_.find(number); place != places_.end()) {
    const auto& [before, used, used_s] = place->second;
    const auto of_port = by_use_.find(before.device);
    of_port->second.erase(used);
    if (of_port->second.empty()) by_use_.erase(of_port);
    if (before != asker) numbers_.erase(before);
  }
  numbers_[asker] = number;
  places_[number] = {.asker = asker, .used = ++clock_, .used_s = now_s};
  by_use_[asker.device][clock_] = number;
}

const Asker* MetadataWire::find(const IpAddress& inside) const {
  const auto number = inside_subnet().index_of(inside);
  if (!number) return nullptr;
  const auto place = places_.find(*number);
  return place == places_.end() ? nullptr : &place->second.asker;
}

std::optional<MetadataWire::ToGuest> MetadataWire::to_guest(ByteView packet) const {
  WireReader in(packet);
  const auto ip = decode_ipv4(in);
  if (!ip) return std::nullopt;
  const auto* asker = find(ip->destination);
  if (asker == nullptr) return std::nullopt;
  const auto outside = readdress_tcp(packet, ip->source, asker->address);
  if (!outside) return std::nullopt;
  WireWriter out;
  encode(EthernetHeader{.destination = asker->mac, .source = model::service_mac(), .type = type_ipv4}, out);
  out.bytes(*outside);
  return ToGuest{.asker = *asker, .frame = out.take()};
}

}  // namespace weft::services
