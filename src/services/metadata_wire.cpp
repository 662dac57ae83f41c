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
      number_of({.network = request.key, .device = request.device, .mac = ethernet->source, .address = ip->source});
  return readdress_tcp(packet, inside_subnet().host(number), ip->destination);
}

std::uint32_t MetadataWire::number_of(const Asker& asker) {
  if (const auto known = numbers_.find(asker); known != numbers_.end()) {
    places_.at(known->second).used = ++clock_;
    return known->second;
  }
  auto number = static_cast<std::uint32_t>(places_.size());
  if (number == most_askers) {
    const auto oldest = std::ranges::min_element(places_, {}, [](const auto& entry) { return entry.second.used; });
    number = oldest->first;
    numbers_.erase(oldest->second.asker);
  }
  numbers_[asker] = number;
  places_[number] = {.asker = asker, .used = ++clock_};
  return number;
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
