// Whether an address that a network's pool has for a guest is somebody's on another host: hosts choose by the same rule
// and know nothing of each other's guests, so two MACs may meet in one address. The others are asked by an ARP probe in
// the guest's name (RFC 5227 section 2.1.1; RFC 2131 section 3.1 wants servers to look). Who has the address says so,
// and so does the host that has given it away or is about to: of two hosts that are about to, the one whose guest has
// the lower MAC.
#pragma once

#include "services/request.hpp"

namespace weft::services {

// For answers from nearby, before the address is offered: a client that is refused what it was offered takes seconds to
// ask again (udhcpc 3, dhclient 15). And for that of the farthest host, before the address is given.
inline constexpr std::int64_t offer_wait_ms = 3, inquiry_ms = 50;
// So long an answer counts: one that comes later than `inquiry_ms` makes the lease end, so that its renewal is refused.
// What nobody has asked for counts never, or anybody could end leases.
inline constexpr std::int64_t late_answer_ms = 5000;
// Of all networks; the oldest makes room.
inline constexpr std::size_t most_inquiries = 4096;

class Inquiries {
 public:
  // The question, to be sent to the other hosts. None: it was asked not long ago.
  std::optional<Bytes> ask(const Client& client, const IpAddress& address, std::int64_t now_ms);
  // How much is left of `since_asked_ms` since it was asked for. 0: nothing, or it was not.
  std::int64_t wait_ms(const NetworkKey& network, const IpAddress& address, std::int64_t now_ms,
                       std::int64_t since_asked_ms) const;
  // In whose name it was asked. None: it was not, or is too long ago.
  std::optional<MacAddress> asker(const NetworkKey& network, const IpAddress& address, std::int64_t now_ms) const;
  void forget(const NetworkKey& network, const IpAddress& address);

 private:
  using Key = std::pair<NetworkKey, IpAddress>;
  struct Inquiry {
    MacAddress mac = {};
    std::int64_t asked_ms = 0;
  };
  const Inquiry* find(const NetworkKey& network, const IpAddress& address, std::int64_t now_ms) const;
  void erase(std::map<Key, Inquiry>::iterator inquiry);

  std::map<Key, Inquiry> inquiries_ = {};
  std::set<std::pair<std::int64_t, Key>> by_age_ = {};
};

// An ARP packet from another host that probes for an address or answers a probe. Whoever wants what is somebody's here
// is told so, and a lease of what is somebody's there ends.
Answer hear_probe(const Request& request, const Network& network, LeaseBook& leases, Inquiries& inquiries);

}  // namespace weft::services
