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

constexpr std::string_view alias_start = "weft: switch side of ";

std::string peer_alias(const std::string& device) { return fmt::format("{}{}", alias_start, device); }

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

std::string away_internal(const LinkRecord& record) {
  const bool is_such = is_internal_peer(record) && record.away_end && record.alias.starts_with(alias_start);
  return is_such ? record.alias.substr(alias_start.size()) : std::string();
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
  if (peer.alias != peer_alias(device)) {
    TRY(set_alias(socket, peer.link.ifindex, peer_alias(device), peer.name));
  }
  if (peer.link.admin_up) return {};
  silence_ipv6(socket, peer.link.ifindex);
  return set_admin_state(socket, peer.link.ifindex, true, peer.name);
}

}  // namespace weft::kernel
