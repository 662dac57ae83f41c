#include "kernel/vxlan_fdb.hpp"

#include <fmt/format.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <cstring>

#include "kernel/address_attribute.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

void put_flood_remote(NetlinkMessage& message, const LinkRecord& record, const IpAddress& remote) {
  auto* neighbour = message.put_header<ndmsg>();
  neighbour->ndm_family = AF_BRIDGE;
  neighbour->ndm_ifindex = record.link.ifindex;
  neighbour->ndm_state = NUD_PERMANENT;
  neighbour->ndm_flags = NTF_SELF;
  const MacAddress any;
  mnl_attr_put(message.header(), NDA_LLADDR, any.bytes().size(), any.bytes().data());
  put_address(message.header(), NDA_DST, remote);
  const auto underlay = record.link.vxlan ? record.link.vxlan->underlay_ifindex : 0;
  if (underlay != 0) mnl_attr_put_u32(message.header(), NDA_IFINDEX, static_cast<std::uint32_t>(underlay));
}

}  // namespace

std::optional<VxlanFdbEntry> parse_vxlan_fdb(const nlmsghdr* message) {
  if (message->nlmsg_type != RTM_NEWNEIGH && message->nlmsg_type != RTM_DELNEIGH) return std::nullopt;
  if (mnl_nlmsg_get_payload_len(message) < sizeof(ndmsg)) return std::nullopt;
  const auto* neighbour = static_cast<const ndmsg*>(mnl_nlmsg_get_payload(message));
  if (neighbour->ndm_family != AF_BRIDGE) return std::nullopt;
  VxlanFdbEntry entry{.ifindex = neighbour->ndm_ifindex,
                      .is_learned = (neighbour->ndm_state & (NUD_PERMANENT | NUD_NOARP)) == 0};
  std::optional<IpAddress> remote;
  std::optional<MacAddress> mac;
  for_each_attribute(message, sizeof(ndmsg), [&](const nlattr* attribute) {
    switch (mnl_attr_get_type(attribute)) {
      case NDA_DST:
        remote = address_of(attribute);
        break;
      case NDA_LLADDR: {
        std::array<std::uint8_t, 6> bytes{};
        if (mnl_attr_get_payload_len(attribute) != bytes.size()) break;
        std::memcpy(bytes.data(), mnl_attr_get_payload(attribute), bytes.size());
        mac = MacAddress(bytes);
        break;
      }
      case NDA_IFINDEX:
        entry.underlay_ifindex = static_cast<int>(mnl_attr_get_u32(attribute));
        break;
      case NDA_VNI:
      case NDA_PORT:
        entry.has_other_header = true;
        break;
      default:
        break;
    }
  });
  if (!remote || !mac) return std::nullopt;
  entry.remote = *remote;
  entry.mac = *mac;
  return entry;
}

Result<> read_vxlan_fdb(NetlinkSocket& socket, int ifindex, const std::function<void(const VxlanFdbEntry&)>& take) {
  NetlinkMessage message(RTM_GETNEIGH, NLM_F_DUMP);
  auto* header = message.put_header<ifinfomsg>();  // Not ndmsg: thus the kernel dumps this device alone.
  header->ifi_family = AF_BRIDGE;
  header->ifi_index = ifindex;
  return socket.query(message, fmt::format("cannot list the addresses behind device {}", ifindex),
                      [&](const nlmsghdr* answer) {
                        const auto entry = parse_vxlan_fdb(answer);
                        if (entry && entry->ifindex == ifindex) take(*entry);
                      });
}

Result<> add_flood_remote(NetlinkSocket& socket, const LinkRecord& record, const IpAddress& remote) {
  NetlinkMessage message(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_APPEND);
  put_flood_remote(message, record, remote);
  return socket.request(message, fmt::format("{}: cannot add the remote {}", record.name, remote.to_string()));
}

Result<> remove_flood_remote(NetlinkSocket& socket, const LinkRecord& record, const IpAddress& remote) {
  NetlinkMessage message(RTM_DELNEIGH, 0);
  put_flood_remote(message, record, remote);
  auto removed =
      socket.request(message, fmt::format("{}: cannot remove the remote {}", record.name, remote.to_string()));
  if (!removed && removed.error().tag == no_such_entry) return {};
  return removed;
}

Result<std::set<IpAddress>> read_flood_remotes(NetlinkSocket& socket, const LinkRecord& record) {
  std::set<IpAddress> remotes;
  const auto underlay = record.link.vxlan ? record.link.vxlan->underlay_ifindex : 0;
  TRY(read_vxlan_fdb(socket, record.link.ifindex, [&](const VxlanFdbEntry& entry) {
    const bool is_ours = entry.mac.is_zero() && !entry.has_other_header && entry.underlay_ifindex == underlay;
    if (is_ours) remotes.insert(entry.remote);
  }));
  return remotes;
}

}  // namespace weft::kernel
