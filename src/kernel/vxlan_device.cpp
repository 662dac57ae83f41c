#include "kernel/vxlan_device.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

#include "kernel/link_change.hpp"
#include "kernel/routes.hpp"
#include "kernel/system_error.hpp"
#include "kernel/vxlan_attributes.hpp"
#include "kernel/vxlan_fdb.hpp"

namespace weft::kernel {
namespace {

Result<int> underlay_of(NetlinkSocket& socket, const std::string& device, const model::VxlanDevice& settings) {
  if (!settings.underlay.empty()) return TRY(read_link(socket, settings.underlay)).link.ifindex;
  if (!settings.has_group()) return 0;
  const auto& group = *settings.remotes.begin();
  const auto route = TRY(find_route(socket, {.to = group, .from = settings.local}));
  if (route) return route->ifindex;
  return fail("no route", fmt::format("{}: no route to the group {}: name the device to use in options:dev, or add one "
                                      "(ip route add {} dev DEVICE)",
                                      device, group.to_string(), group.to_string()));
}

}  // namespace

bool is_made_vxlan(const LinkRecord& record) { return record.link.kind == "vxlan" && record.group == own_group; }

Result<> create_vxlan(NetlinkSocket& socket, const std::string& device, const model::VxlanDevice& settings) {
  const auto underlay = TRY(underlay_of(socket, device, settings));
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  message.put_header<ifinfomsg>();
  auto* header = message.header();
  mnl_attr_put_strz(header, IFLA_IFNAME, device.c_str());
  mnl_attr_put_u32(header, IFLA_GROUP, own_group);
  if (settings.mtu_bytes != 0) mnl_attr_put_u32(header, IFLA_MTU, settings.mtu_bytes);
  if (const auto& mac = settings.mac_when_made) mnl_attr_put(header, IFLA_ADDRESS, 6, mac->bytes().data());
  auto* link_info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "vxlan");
  auto* data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  put_vxlan(header, settings, underlay);
  mnl_attr_nest_end(header, data);
  mnl_attr_nest_end(header, link_info);
  TRY(socket.request(message, fmt::format("{}: cannot make the vxlan device", device)));
  // The first is the device's own. Broken off here, the next look finds the others missing.
  if (settings.remotes.size() == 1) return {};
  return set_remotes(socket, TRY(read_link(socket, device)), settings.remotes);
}

Result<> set_vxlan(NetlinkSocket& socket, const LinkRecord& record, const model::VxlanDevice& settings) {
  NetlinkMessage message(RTM_NEWLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = record.link.ifindex;
  auto* header = message.header();
  auto* link_info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "vxlan");
  auto* data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  put_vxlan_change(header, settings, *record.link.vxlan);
  mnl_attr_nest_end(header, data);
  mnl_attr_nest_end(header, link_info);
  return socket.request(message, fmt::format("{}: cannot change the vxlan device", record.name));
}

Result<> set_remotes(NetlinkSocket& socket, const LinkRecord& record, const std::set<IpAddress>& remotes) {
  const auto present = TRY(read_flood_remotes(socket, record));
  for (const auto& remote : remotes) {
    if (!present.contains(remote)) TRY(add_flood_remote(socket, record, remote));
  }
  for (const auto& remote : present) {
    if (!remotes.contains(remote)) TRY(remove_flood_remote(socket, record, remote));
  }
  return {};
}

Result<> delete_vxlan(NetlinkSocket& socket, const LinkRecord& record) {
  return delete_link(socket, record.link.ifindex, record.name);
}

}  // namespace weft::kernel
