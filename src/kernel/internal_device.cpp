#include "kernel/internal_device.hpp"

#include <fmt/format.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>

#include "kernel/link_change.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

constexpr const char* peer_name_template = "weft%d";  // The kernel takes the first free number.

std::string peer_alias(const std::string& device) { return fmt::format("weft: switch side of {}", device); }

void put_peer(nlmsghdr* message, const model::InternalDevice& settings) {
  auto* nest = mnl_attr_nest_start(message, VETH_INFO_PEER);
  mnl_nlmsg_put_extra_header(message, sizeof(ifinfomsg));
  mnl_attr_put_strz(message, IFLA_IFNAME, peer_name_template);
  mnl_attr_put_u32(message, IFLA_GROUP, own_group);
  if (settings.mtu_bytes) mnl_attr_put_u32(message, IFLA_MTU, *settings.mtu_bytes);
  mnl_attr_nest_end(message, nest);
}

Result<LinkRecord> read_internal_peer(NetlinkSocket& socket, const LinkRecord& record) {
  if (record.link.kind == "veth" && record.other_ifindex != 0) {
    auto peer = TRY(read_link(socket, record.other_ifindex));
    if (is_internal_peer(peer)) return peer;
  }
  return fail("not internal", fmt::format("{}: this device was not made by Weft; it is left alone", record.name));
}

}  // namespace

bool is_internal_peer(const LinkRecord& record) { return record.link.kind == "veth" && record.group == own_group; }

const LinkRecord* find_internal_peer(const Links& links, const LinkRecord& record) {
  if (record.link.kind != "veth" || record.other_ifindex == 0) return nullptr;
  const auto other = links.find(record.other_ifindex);
  return other != links.end() && is_internal_peer(other->second) ? &other->second : nullptr;
}

Result<> create_internal(NetlinkSocket& socket, const std::string& device, const model::InternalDevice& settings) {
  if (device.empty() || device.size() >= IFNAMSIZ) {
    return fail("bad name", fmt::format("\"{}\": a device's name has 1 to {} bytes", device, IFNAMSIZ - 1));
  }
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  message.put_header<ifinfomsg>();
  auto* header = message.header();
  mnl_attr_put_strz(header, IFLA_IFNAME, device.c_str());
  if (settings.mac) mnl_attr_put(header, IFLA_ADDRESS, settings.mac->bytes().size(), settings.mac->bytes().data());
  if (settings.mtu_bytes) mnl_attr_put_u32(header, IFLA_MTU, *settings.mtu_bytes);
  auto* link_info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
  auto* data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  put_peer(header, settings);
  mnl_attr_nest_end(header, data);
  mnl_attr_nest_end(header, link_info);
  TRY(socket.request(message, fmt::format("{}: cannot make the internal device", device)));

  const auto made = TRY(read_link(socket, device));
  const auto peer = TRY(read_internal_peer(socket, made));
  return prepare_internal_peer(socket, peer, device);
}

Result<> delete_internal(NetlinkSocket& socket, const LinkRecord& record) {
  TRY(read_internal_peer(socket, record));
  return delete_link(socket, record.link.ifindex, record.name);
}

Result<> prepare_internal_peer(NetlinkSocket& socket, const LinkRecord& peer, const std::string& device) {
  const auto what = fmt::format("{}: cannot prepare {}, its end in the switch", device, peer.name);
  if (peer.alias != peer_alias(device)) {
    NetlinkMessage message(RTM_SETLINK, 0);
    message.put_header<ifinfomsg>()->ifi_index = peer.link.ifindex;
    mnl_attr_put_strz(message.header(), IFLA_IFALIAS, peer_alias(device).c_str());
    TRY(socket.request(message, what));
  }
  if (peer.link.admin_up) return {};
  // Without an IPv6 address of its own the peer sends nothing by itself into the device.
  NetlinkMessage silence(RTM_SETLINK, 0);
  silence.put_header<ifinfomsg>()->ifi_index = peer.link.ifindex;
  auto* families = mnl_attr_nest_start(silence.header(), IFLA_AF_SPEC);
  auto* ipv6 = mnl_attr_nest_start(silence.header(), AF_INET6);
  mnl_attr_put_u8(silence.header(), IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
  mnl_attr_nest_end(silence.header(), ipv6);
  mnl_attr_nest_end(silence.header(), families);
  (void)socket.request(silence, what);  // A kernel without IPv6 refuses, and needs no silencing.
  return set_admin_state(socket, peer.link.ifindex, true, peer.name);
}

}  // namespace weft::kernel
