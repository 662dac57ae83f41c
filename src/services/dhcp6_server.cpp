#include "services/dhcp6_server.hpp"

#include <algorithm>

#include "model/served.hpp"
#include "wire/datagram.hpp"
#include "wire/dhcp6.hpp"
#include "wire/router_advertisement.hpp"

namespace weft::services {
namespace {

// DUID-LL (RFC 8415 section 11.4).
Bytes server_id() {
  WireWriter out;
  out.u16(3);
  out.u16(1);  // Ethernet.
  out.bytes(model::service_mac().bytes());
  return out.take();
}

class Exchange {
 public:
  Exchange(const Request& request, const Datagram& datagram, const Dhcp6Message& asked, const Network& network,
           LeaseBook& leases)
      : request_(request),
        datagram_(datagram),
        asked_(asked),
        network_(network),
        leases_(leases),
        client_{.network = request.key, .device = request.device, .mac = datagram.ethernet.source} {}

  Answer answer() {
    if (!is_for_us()) return {};
    switch (asked_.type) {
      case Dhcp6Type::solicit:
        return give(asked_.has_rapid_commit ? Dhcp6Type::reply : Dhcp6Type::advertise);
      case Dhcp6Type::request:
      case Dhcp6Type::renew:
      case Dhcp6Type::rebind:
        return give(Dhcp6Type::reply);
      case Dhcp6Type::confirm:
        return confirm();
      case Dhcp6Type::release:
      case Dhcp6Type::decline:
        return take_back();
      case Dhcp6Type::information_request:
        return {.frame = frame_of(reply(Dhcp6Type::reply))};
      default:
        return {};
    }
  }

 private:
  // RFC 8415 section 16: who must, may or must not name the server and itself.
  bool is_for_us() const {
    const bool names_us = asked_.server_id == server_id();
    switch (asked_.type) {
      case Dhcp6Type::solicit:
      case Dhcp6Type::confirm:
      case Dhcp6Type::rebind:
        return asked_.server_id.empty() && !asked_.client_id.empty();
      case Dhcp6Type::information_request:
        return asked_.associations.empty() && (asked_.server_id.empty() || names_us);
      default:
        return names_us && !asked_.client_id.empty();
    }
  }

  // The first association gets the address. Of the others it says that there is none for them, and of addresses that
  // the client has and is not to have that they end now.
  Answer give(Dhcp6Type type) {
    Answer answer;
    auto message = reply(type);
    message.has_rapid_commit = asked_.type == Dhcp6Type::solicit && type == Dhcp6Type::reply;
    std::optional<IpAddress> address;
    if (!asked_.associations.empty()) {
      auto chosen = leases_.choose(client_, network_, Family::ipv6, request_.now_s(), wanted());
      if (chosen) address = *chosen;
      if (!chosen) answer.trouble = chosen.error().details;
    }
    for (const auto& asked : asked_.associations) {
      message.associations.push_back(give_to(asked, address));
      address.reset();
    }
    const auto& first = message.associations;
    const bool gives = !first.empty() && !first[0].status;
    if (asked_.type == Dhcp6Type::solicit && !gives) {
      message.status = Dhcp6Status{.code = Dhcp6Code::no_addresses, .text = "there is no address left"};
    }
    if (gives && type == Dhcp6Type::reply) {
      leases_.grant(client_, first[0].addresses[0].address, hostname(), request_.now_s() + lease_s());
      answer.has_changed_leases = true;
    }
    answer.frame = frame_of(message);
    return answer;
  }

  std::optional<IpAddress> wanted() const {
    const auto& addresses = asked_.associations[0].addresses;
    return addresses.empty() ? std::nullopt : std::optional(addresses[0].address);
  }

  Dhcp6Association give_to(const Dhcp6Association& asked, const std::optional<IpAddress>& address) const {
    Dhcp6Association association{.id = asked.id};
    if (address) {
      association.addresses.push_back({.address = *address, .preferred_s = lease_s(), .valid_s = lease_s()});
      association.renew_s = lease_s() / 2;
      association.rebind_s = lease_s() - lease_s() / 5;
    } else {
      association.status = Dhcp6Status{.code = Dhcp6Code::no_addresses, .text = "no address for this association"};
    }
    if (asked_.type == Dhcp6Type::renew || asked_.type == Dhcp6Type::rebind) {
      for (const auto& had : asked.addresses) {
        if (had.address != address) association.addresses.push_back({.address = had.address});
      }
    }
    return association;
  }

  Answer confirm() const {
    bool is_any = false, is_on_link = true;
    for (const auto& association : asked_.associations) {
      for (const auto& had : association.addresses) {
        is_any = true;
        is_on_link = is_on_link && network_.served().subnet6->contains(had.address);
      }
    }
    if (!is_any) return {};
    auto message = reply(Dhcp6Type::reply);
    message.status = Dhcp6Status{.code = is_on_link ? Dhcp6Code::success : Dhcp6Code::not_on_link};
    return {.frame = frame_of(message)};
  }

  Answer take_back() {
    Answer answer;
    auto message = reply(Dhcp6Type::reply);
    for (const auto& asked : asked_.associations) {
      bool had_any = false;
      for (const auto& [address, preferred_s, valid_s] : asked.addresses) {
        const auto* lease = leases_.find(client_.network, client_.mac, Family::ipv6);
        if (lease == nullptr || lease->address != address) continue;
        had_any = true;
        if (asked_.type == Dhcp6Type::decline) leases_.decline(client_, address, request_.now_s());
        if (asked_.type == Dhcp6Type::release) leases_.release(client_, address);
      }
      answer.has_changed_leases = answer.has_changed_leases || had_any;
      if (had_any) continue;
      message.associations.push_back({.id = asked.id, .status = Dhcp6Status{.code = Dhcp6Code::no_binding}});
    }
    message.status = Dhcp6Status{};
    answer.frame = frame_of(message);
    return answer;
  }

  Dhcp6Message reply(Dhcp6Type type) const {
    Dhcp6Message message{.type = type,
                         .transaction = asked_.transaction,
                         .client_id = asked_.client_id,
                         .server_id = server_id(),
                         .domain = network_.served().domain};
    for (const auto& server : network_.served().dns) {
      if (!server.is_v4()) message.dns.push_back(server);
    }
    return message;
  }

  Bytes frame_of(const Dhcp6Message& message) const {
    const auto payload = encode(message);
    return encode(
        Datagram{.ethernet = {.destination = client_.mac, .source = model::service_mac()},
                 .ip = {.source = link_local_address(model::service_mac()), .destination = datagram_.ip.source},
                 .udp = {.source_port = dhcp6_server_port, .destination_port = dhcp6_client_port},
                 .payload = payload});
  }

  std::uint32_t lease_s() const { return network_.served().lease_s; }
  std::string hostname() const {
    const auto* guest = network_.guest(client_.device);
    return guest == nullptr ? std::string() : guest->hostname;
  }

  const Request& request_;
  const Datagram& datagram_;
  const Dhcp6Message& asked_;
  const Network& network_;
  LeaseBook& leases_;
  Client client_;
};

}  // namespace

Answer answer_dhcp6(const Request& request, const Network& network, LeaseBook& leases) {
  const auto datagram = decode_datagram(request.frame);
  const bool is_asked = datagram && network.served().subnet6 && datagram->udp.destination_port == dhcp6_server_port &&
                        datagram->ip.source.is_link_local() && datagram->ip.destination.is_multicast() &&
                        !datagram->ethernet.source.is_multicast() && !datagram->ethernet.source.is_zero();
  if (!is_asked) return {};
  const auto asked = decode_dhcp6(datagram->payload);
  if (!asked) return {};
  return Exchange(request, *datagram, *asked, network, leases).answer();
}

}  // namespace weft::services
