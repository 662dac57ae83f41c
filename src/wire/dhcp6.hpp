// A DHCP message of IPv6 (RFC 8415), between client and server, with the options that give out addresses (IA_NA) and
// tell of name servers (RFC 3646). Others are passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "wire/ip_address.hpp"
#include "wire/wire_bytes.hpp"

namespace weft {

inline constexpr std::uint16_t dhcp6_client_port = 546, dhcp6_server_port = 547;

enum class Dhcp6Type : std::uint8_t {
  solicit = 1,
  advertise,
  request,
  confirm,
  renew,
  rebind,
  reply,
  release,
  decline,
  reconfigure,
  information_request
};

// RFC 8415 section 21.13.
enum class Dhcp6Code : std::uint16_t { success, failure, no_addresses, no_binding, not_on_link, use_multicast };
struct Dhcp6Status {
  Dhcp6Code code = Dhcp6Code::success;
  std::string text = {};

  bool operator==(const Dhcp6Status&) const = default;
};

struct Dhcp6Address {
  IpAddress address = {};
  std::uint32_t preferred_s = 0, valid_s = 0;

  bool operator==(const Dhcp6Address&) const = default;
};

// An IA_NA: addresses of one of the client's interfaces.
struct Dhcp6Association {
  std::uint32_t id = 0;
  std::uint32_t renew_s = 0, rebind_s = 0;  // T1 and T2.
  std::vector<Dhcp6Address> addresses = {};
  std::optional<Dhcp6Status> status = {};

  bool operator==(const Dhcp6Association&) const = default;
};

struct Dhcp6Message {
  Dhcp6Type type = Dhcp6Type::solicit;
  std::uint32_t transaction = 0;  // 24 bits.
  Bytes client_id = {};           // DUIDs; empty: none.
  Bytes server_id = {};
  std::vector<Dhcp6Association> associations = {};
  bool has_rapid_commit = false;
  std::optional<Dhcp6Status> status = {};
  std::vector<IpAddress> dns = {};
  std::string domain = {};  // To search names in; of several the first.

  bool operator==(const Dhcp6Message&) const = default;
};

// Of one message, and of one association.
inline constexpr std::size_t most_dhcp6_associations = 16, most_dhcp6_addresses = 16;
inline constexpr std::size_t longest_duid = 130;  // RFC 8415 section 11.1

Bytes encode(const Dhcp6Message& message);
// None: not whole, past a limit, or of another type (relays' among them).
std::optional<Dhcp6Message> decode_dhcp6(ByteView bytes);

}  // namespace weft
