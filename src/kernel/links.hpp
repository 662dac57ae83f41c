// The network devices of our namespace, as rtnetlink tells them (RTM_GETLINK, rtnetlink(7)).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/unique_fd.hpp"
#include "kernel/netlink_socket.hpp"
#include "model/observed.hpp"

namespace weft::kernel {

inline constexpr std::uint32_t own_group = 0x77656674;  // "weft": of devices that Weft made (ip-link(8), "group").

struct LinkRecord {
  std::string name;
  model::Link link;  // Without `made` and is_internal_peer, speed and duplex.
  std::uint32_t group = 0;
  std::string alias;
  int other_ifindex = 0;  // IFLA_LINK: of a veth, its other end; 0: none, or in another namespace.
  // In that one, by our number of the namespace (IFLA_LINK_NETNSID, ip-netns(8) "list-id").
  struct AwayEnd {
    int ifindex = 0;
    int namespace_id = -1;
    bool operator==(const AwayEnd&) const = default;
  };
  std::optional<AwayEnd> away_end = {};
  bool is_ethernet = false;
  bool is_loopback = false;
  bool is_promiscuous = false;  // Set by an administrator, or by us.

  bool operator==(const LinkRecord&) const = default;
};

using Links = std::map<int, LinkRecord>;  // By ifindex.

Result<Links> read_links(NetlinkSocket& socket);
// Tag no_such_device if there is none.
Result<LinkRecord> read_link(NetlinkSocket& socket, const std::string& name);
Result<LinkRecord> read_link(NetlinkSocket& socket, int ifindex);
// In another namespace. Needs the rights over it, and then it is known as here, but for news.
Result<LinkRecord> read_link(NetlinkSocket& socket, const LinkRecord::AwayEnd& end);

// Of a message that the kernel sent by itself. None: it is not about a device, or about a part of it only (its being a
// port of a Linux bridge, its radio).
std::optional<LinkRecord> parse_link_news(const nlmsghdr* message);

// Asks drivers for speed and duplex (ethtool(8)), all through one socket.
class SpeedReader {
 public:
  SpeedReader();
  // Leaves `link` as it is where the driver tells nothing.
  void read(const std::string& name, model::Link& link) const;

 private:
  UniqueFd socket_;
};

}  // namespace weft::kernel
