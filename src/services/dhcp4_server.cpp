#include "services/dhcp4_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/served.hpp"
#include "wire/datagram.hpp"
#include "wire/dhcp4.hpp"

namespace weft::services {
namespace {

using enum Dhcp4Option;

constexpr std::uint16_t ip_and_udp_bytes = 28;
constexpr std::uint16_t most_answer_bytes = 1500;  // Whatever the client says it takes.

const MacAddress everybody({0xff, 0xff, 0xff, 0xff, 0xff, 0xff});
const IpAddress unspecified(std::array<std::uint8_t, 4>{});
const IpAddress broadcast_address(std::array<std::uint8_t, 4>{255, 255, 255, 255});

IpAddress mask_of(const Subnet& subnet) {
  const auto bits = subnet.prefix_bits() == 0 ? 0U : ~0U << (32U - subnet.prefix_bits());
  return IpAddress(std::array<std::uint8_t, 4>{static_cast<std::uint8_t>(bits >> 24),
                                               static_cast<std::uint8_t>(bits >> 16),
                                               static_cast<std::uint8_t>(bits >> 8), static_cast<std::uint8_t>(bits)});
}

// One exchange, of one message.
class Exchange {
 public:
  Exchange(const Request& request, const Dhcp4Message& asked, const Network& network, LeaseBook& leases,
           Inquiries& inquiries)
      : request_(request),
        asked_(asked),
        network_(network),
        leases_(leases),
        inquiries_(inquiries),
        client_{.network = request.key, .device = request.device, .mac = asked.mac} {}

  Answer answer() {
    switch (asked_.type) {
      case Dhcp4Type::discover:
        return offer();
      case Dhcp4Type::request:
        return acknowledge();
      case Dhcp4Type::decline:
        return decline();
      case Dhcp4Type::release:
        return {.has_changed_leases = leases_.release(client_, asked_.client)};
      case Dhcp4Type::inform:
        return inform();
      default:
        return {};
    }
  }

 private:
  Answer offer() {
    const auto address =
        leases_.choose(client_, network_, Family::ipv4, request_.now_s(), asked_.address(requested_address));
    if (!address) return {.trouble = address.error().details};
    if (!*address) return {};
    if (may_be_elsewhere(**address)) {
      if (auto answer = inquire(**address, offer_wait_ms); answer.wait_ms != 0) return answer;
    } else if (asked_.find(rapid_commit) != nullptr) {
      return grant(**address);
    }
    return {.frame = frame_of(with_lease(Dhcp4Type::offer, **address))};
  }

  // Hosts know of their own guests only. What the client has here already was asked for then.
  bool may_be_elsewhere(const IpAddress& address) const {
    if (network_.tunnels().empty() || network_.is_reserved(address)) return false;
    const auto* lease = leases_.holder(client_.network, address, request_.now_s());
    return lease == nullptr || lease->mac != client_.mac;
  }

  Answer inquire(const IpAddress& address, std::int64_t since_asked_ms) {
    auto question = inquiries_.ask(client_, address, request_.now_ms);
    return {.inquiry = std::move(question).value_or(Bytes()),
            .wait_ms = inquiries_.wait_ms(client_.network, address, request_.now_ms, since_asked_ms)};
  }

  // RFC 2131 section 4.3.2: after an offer, after a reboot, to renew, to rebind.
  Answer acknowledge() {
    if (const auto server_id = asked_.address(server)) {
      if (*server_id != model::metadata_address()) return {};  // Another's offer was taken.
    } else if (asked_.find(server) != nullptr) {
      return {};
    }
    const auto wanted =
        asked_.find(requested_address) != nullptr ? asked_.address(requested_address) : std::optional(asked_.client);
    if (!wanted || *wanted == unspecified) return {};
    const auto address = leases_.choose(client_, network_, Family::ipv4, request_.now_s(), wanted);
    if (!address) return {.frame = refusal("there is no address left"), .trouble = address.error().details};
    if (!*address) return {};
    if (**address != *wanted) return {.frame = refusal("this address is not yours here")};
    if (may_be_elsewhere(**address)) {
      if (auto answer = inquire(**address, inquiry_ms); answer.wait_ms != 0) return answer;
    }
    return grant(**address);
  }

  Answer grant(const IpAddress& address) {
    leases_.grant(client_, address, hostname_of_client(), request_.now_s() + lease_s());
    return {.frame = frame_of(with_lease(Dhcp4Type::ack, address)), .has_changed_leases = true};
  }

  Answer decline() {
    const auto address = asked_.address(requested_address);
    if (!address || asked_.address(server) != model::metadata_address()) return {};
    const auto chosen = leases_.choose(client_, network_, Family::ipv4, request_.now_s());
    if (!chosen || *chosen != address) return {};  // It never had it.
    leases_.decline(client_, *address, request_.now_s());
    return {.has_changed_leases = true,
            .trouble = fmt::format("{}: {} found {} in use by another", client_.device, client_.mac.to_string(),
                                   address->to_string())};
  }

  Answer inform() {
    if (asked_.client == unspecified) return {};
    auto message = reply(Dhcp4Type::ack);
    message.client = asked_.client;
    add_settings(message);
    return {.frame = frame_of(message)};
  }

  // --- messages -------------------------------------------------------------------------------------------------

  Dhcp4Message reply(Dhcp4Type type) const {
    Dhcp4Message message{.is_reply = true,
                         .transaction = asked_.transaction,
                         .wants_broadcast = asked_.wants_broadcast,
                         .mac = asked_.mac,
                         .type = type};
    message.put(server, model::metadata_address());
    // RFC 6842: back as it came.
    if (const auto* id = asked_.find(client_id)) message.put(client_id, *id);
    return message;
  }

  Dhcp4Message with_lease(Dhcp4Type type, const IpAddress& address) const {
    auto message = reply(type);
    message.yours = address;
    if (type == Dhcp4Type::ack) message.client = asked_.client;
    if (type == Dhcp4Type::ack && asked_.type == Dhcp4Type::discover) message.put(rapid_commit, ByteView());
    const auto seconds = lease_s();
    message.put_u32(lease_time, seconds);
    message.put_u32(renewal_time, seconds / 2);
    message.put_u32(rebinding_time, seconds - seconds / 8);
    add_settings(message);
    return message;
  }

  void add_settings(Dhcp4Message& message) const {
    const auto& served = network_.served();
    message.put(subnet_mask, mask_of(*served.subnet4));
    if (served.subnet4->prefix_bits() < 31) message.put(broadcast, served.subnet4->last());
    if (served.router4) message.put(router, *served.router4);
    if (const auto mtu_bytes = network_.mtu_bytes()) {
      message.put_u16(mtu, static_cast<std::uint16_t>(std::min(*mtu_bytes, std::uint32_t{65535})));
    }
    if (served.has_metadata) message.options[classless_routes] = routes();
    if (!served.domain.empty()) message.options[domain] = Bytes(served.domain.begin(), served.domain.end());
    WireWriter servers;
    for (const auto& address : served.dns) {
      if (address.is_v4()) servers.bytes(address.v4());
    }
    if (servers.size() != 0) message.options[dns] = servers.take();
    const auto* guest = network_.guest(client_.device);
    if (guest != nullptr && !guest->hostname.empty()) {
      message.options[hostname] = Bytes(guest->hostname.begin(), guest->hostname.end());
    }
  }

  // To the metadata on the link itself, and by default over the router: who asks for these heeds `router` no more
  // (RFC 3442).
  Bytes routes() const {
    WireWriter out;
    out.u8(32);
    out.bytes(model::metadata_address().v4());
    out.zeros(4);
    if (network_.served().router4) {
      out.u8(0);
      out.bytes(network_.served().router4->v4());
    }
    return out.take();
  }

  Bytes refusal(std::string_view why) const {
    auto message = reply(Dhcp4Type::nak);
    message.options[text] = Bytes(why.begin(), why.end());
    return frame_of(message);
  }

  // RFC 2131 section 4.1: where it can hear it.
  Bytes frame_of(const Dhcp4Message& message) const {
    const std::vector<Dhcp4Option> order = {server,   lease_time, subnet_mask, classless_routes, router,
                                            mtu,      dns,        client_id,   renewal_time,     rebinding_time,
                                            hostname, domain,     broadcast};
    const auto takes = std::min(asked_.number(max_message_bytes).value_or(0), most_answer_bytes);
    const auto payload = encode(message, takes > ip_and_udp_bytes ? takes - ip_and_udp_bytes : 0, order);
    const bool is_refusal = message.type == Dhcp4Type::nak;
    const bool has_address = asked_.client != unspecified && !is_refusal;
    const bool is_broadcast = is_refusal || (!has_address && asked_.wants_broadcast);
    const auto to = is_broadcast ? broadcast_address : has_address ? asked_.client : message.yours;
    return encode(
        Datagram{.ethernet = {.destination = is_broadcast ? everybody : asked_.mac, .source = model::service_mac()},
                 .ip = {.source = model::metadata_address(), .destination = to},
                 .udp = {.source_port = dhcp4_server_port, .destination_port = dhcp4_client_port},
                 .payload = payload});
  }

  std::uint32_t lease_s() const {
    const auto greatest = network_.served().lease_s;
    const auto* asked = asked_.find(lease_time);
    if (asked == nullptr || asked->size() != 4) return greatest;
    return std::min(greatest, std::max(WireReader(*asked).u32(), least_asked_lease_s));
  }

  // As configured, or as it calls itself, as far as that can be shown.
  std::string hostname_of_client() const {
    const auto* guest = network_.guest(client_.device);
    if (guest != nullptr && !guest->hostname.empty()) return guest->hostname;
    const auto* own = asked_.find(hostname);
    const auto is_plain = [](std::uint8_t c) { return c > ' ' && c < 0x7f; };
    if (own == nullptr || !std::ranges::all_of(*own, is_plain)) return {};
    return {own->begin(), own->end()};
  }

  const Request& request_;
  const Dhcp4Message& asked_;
  const Network& network_;
  LeaseBook& leases_;
  Inquiries& inquiries_;
  Client client_;
};

}  // namespace

Answer answer_dhcp4(const Request& request, const Network& network, LeaseBook& leases, Inquiries& inquiries) {
  const auto datagram = decode_datagram(request.frame);
  if (!datagram || !network.served().subnet4 || datagram->udp.destination_port != dhcp4_server_port) return {};
  const auto asked = decode_dhcp4(datagram->payload);
  // Relays and guests that speak for others have no place on a port; their MACs would only fill the pool.
  const bool is_own = asked && !asked->is_reply && asked->relay == unspecified && !asked->mac.is_multicast() &&
                      !asked->mac.is_zero() && asked->mac == datagram->ethernet.source;
  if (!is_own) return {};
  return Exchange(request, *asked, network, leases, inquiries).answer();
}

}  // namespace weft::services
