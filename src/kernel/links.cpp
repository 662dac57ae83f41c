#include "kernel/links.hpp"

#include <fmt/format.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <cstring>

#include "kernel/system_error.hpp"
#include "kernel/vxlan_attributes.hpp"

namespace weft::kernel {
namespace {

model::LinkStatistics parse_statistics(const nlattr* attribute) {
  rtnl_link_stats64 raw{};  // Older kernels send fewer members, newer ones more.
  std::memcpy(&raw, mnl_attr_get_payload(attribute),
              std::min<std::size_t>(sizeof raw, mnl_attr_get_payload_len(attribute)));
  return {.rx_packets = raw.rx_packets,
          .rx_bytes = raw.rx_bytes,
          .rx_dropped = raw.rx_dropped,
          .rx_errors = raw.rx_errors,
          .rx_frame_errors = raw.rx_frame_errors,
          .rx_over_errors = raw.rx_over_errors,
          .rx_crc_errors = raw.rx_crc_errors,
          .tx_packets = raw.tx_packets,
          .tx_bytes = raw.tx_bytes,
          .tx_dropped = raw.tx_dropped,
          .tx_errors = raw.tx_errors,
          .collisions = raw.collisions};
}

void parse_link_info(const nlattr* link_info, model::Link& link) {
  const nlattr* data = nullptr;
  for_each_nested(link_info, [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND) link.kind = mnl_attr_get_str(attribute);
    if (mnl_attr_get_type(attribute) == IFLA_INFO_DATA) data = attribute;
  });
  if (link.kind == "vxlan" && data != nullptr) link.vxlan = parse_vxlan(data);
}

MacAddress parse_mac(const nlattr* attribute) {
  std::array<std::uint8_t, 6> bytes{};
  if (mnl_attr_get_payload_len(attribute) == bytes.size()) {
    std::memcpy(bytes.data(), mnl_attr_get_payload(attribute), bytes.size());
  }
  return MacAddress(bytes);
}

void parse_attribute(const nlattr* attribute, LinkRecord& record, std::optional<int>& namespace_id) {
  switch (mnl_attr_get_type(attribute)) {
    case IFLA_IFNAME:
      record.name = mnl_attr_get_str(attribute);
      break;
    case IFLA_IFALIAS:
      record.alias = mnl_attr_get_str(attribute);
      break;
    case IFLA_ADDRESS:
      record.link.mac = parse_mac(attribute);
      break;
    case IFLA_MTU:
      record.link.mtu_bytes = mnl_attr_get_u32(attribute);
      break;
    case IFLA_GROUP:
      record.group = mnl_attr_get_u32(attribute);
      break;
    case IFLA_LINK:
      record.other_ifindex = static_cast<int>(mnl_attr_get_u32(attribute));
      break;
    case IFLA_LINK_NETNSID:
      namespace_id = static_cast<int>(mnl_attr_get_u32(attribute));
      break;
    case IFLA_LINKINFO:
      parse_link_info(attribute, record.link);
      break;
    case IFLA_STATS64:
      record.link.statistics = parse_statistics(attribute);
      break;
    default:
      break;
  }
}

LinkRecord parse_link(const nlmsghdr* message) {
  const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  LinkRecord record;
  record.link.ifindex = info->ifi_index;
  record.link.admin_up = (info->ifi_flags & IFF_UP) != 0;
  record.link.carrier = (info->ifi_flags & IFF_RUNNING) != 0;
  record.is_ethernet = info->ifi_type == ARPHRD_ETHER;
  record.is_loopback = (info->ifi_flags & IFF_LOOPBACK) != 0;
  record.is_promiscuous = (info->ifi_flags & IFF_PROMISC) != 0;
  std::optional<int> namespace_id;
  for_each_attribute(message, sizeof(ifinfomsg),
                     [&](const nlattr* attribute) { parse_attribute(attribute, record, namespace_id); });
  if (!namespace_id) return record;
  record.away_end = {.ifindex = std::exchange(record.other_ifindex, 0), .namespace_id = *namespace_id};
  record.link.peer_in_other_namespace = record.link.kind == "veth";
  return record;
}

Result<LinkRecord> read_one(NetlinkSocket& socket, NetlinkMessage& message, const std::string& device) {
  std::optional<LinkRecord> found;
  TRY(socket.query(message, device, [&](const nlmsghdr* answer) { found = parse_link(answer); }));
  if (!found) return fail(std::string(no_such_device), device);
  return *std::move(found);
}

}  // namespace

std::optional<LinkRecord> parse_link_news(const nlmsghdr* message) {
  if (message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK) return std::nullopt;
  if (mnl_nlmsg_get_payload_len(message) < sizeof(ifinfomsg)) return std::nullopt;
  const auto* info = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
  if (info->ifi_family != AF_UNSPEC) return std::nullopt;
  auto record = parse_link(message);
  if (record.name.empty() || record.link.mtu_bytes == 0) return std::nullopt;
  return record;
}

Result<Links> read_links(NetlinkSocket& socket) {
  NetlinkMessage message(RTM_GETLINK, NLM_F_DUMP);
  message.put_header<ifinfomsg>();
  Links links;
  TRY(socket.query(message, "cannot list the network devices", [&](const nlmsghdr* answer) {
    if (answer->nlmsg_type != RTM_NEWLINK) return;
    auto record = parse_link(answer);
    links.insert_or_assign(record.link.ifindex, std::move(record));
  }));
  return links;
}

Result<LinkRecord> read_link(NetlinkSocket& socket, const std::string& name) {
  if (name.empty() || name.size() >= IFNAMSIZ) return fail(std::string(no_such_device), name);
  NetlinkMessage message(RTM_GETLINK, 0);
  message.put_header<ifinfomsg>();
  mnl_attr_put_strz(message.header(), IFLA_IFNAME, name.c_str());
  return read_one(socket, message, name);
}

Result<LinkRecord> read_link(NetlinkSocket& socket, int ifindex) {
  NetlinkMessage message(RTM_GETLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = ifindex;
  return read_one(socket, message, fmt::format("device with index {}", ifindex));
}

Result<LinkRecord> read_link(NetlinkSocket& socket, const LinkRecord::AwayEnd& end) {
  NetlinkMessage message(RTM_GETLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = end.ifindex;
  mnl_attr_put_u32(message.header(), IFLA_TARGET_NETNSID, static_cast<std::uint32_t>(end.namespace_id));
  return read_one(socket, message, fmt::format("device with index {} in namespace {}", end.ifindex, end.namespace_id));
}

}  // namespace weft::kernel
