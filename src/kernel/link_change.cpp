#include "kernel/link_change.hpp"

#include <fmt/format.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

namespace weft::kernel {
namespace {

Result<> set_flag(NetlinkSocket& socket, int ifindex, unsigned flag, bool on, const std::string& what) {
  NetlinkMessage message(RTM_SETLINK, 0);
  auto* info = message.put_header<ifinfomsg>();
  info->ifi_index = ifindex;
  info->ifi_change = flag;
  info->ifi_flags = on ? flag : 0;
  return socket.request(message, what);
}

}  // namespace

Result<> delete_link(NetlinkSocket& socket, int ifindex, const std::string& name) {
  NetlinkMessage message(RTM_DELLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = ifindex;
  return socket.request(message, fmt::format("{}: cannot delete the device", name));
}

Result<> set_mtu(NetlinkSocket& socket, int ifindex, std::uint32_t mtu_bytes, const std::string& name) {
  NetlinkMessage message(RTM_SETLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = ifindex;
  mnl_attr_put_u32(message.header(), IFLA_MTU, mtu_bytes);
  return socket.request(message, fmt::format("{}: cannot set the MTU to {} bytes", name, mtu_bytes));
}

Result<> set_mac(NetlinkSocket& socket, int ifindex, const MacAddress& mac, const std::string& name) {
  NetlinkMessage message(RTM_SETLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = ifindex;
  mnl_attr_put(message.header(), IFLA_ADDRESS, mac.bytes().size(), mac.bytes().data());
  return socket.request(message, fmt::format("{}: cannot set the address to {}", name, mac.to_string()));
}

Result<> set_admin_state(NetlinkSocket& socket, int ifindex, bool up, const std::string& name) {
  return set_flag(socket, ifindex, IFF_UP, up, fmt::format("{}: cannot set the device {}", name, up ? "up" : "down"));
}

Result<> set_alias(NetlinkSocket& socket, int ifindex, const std::string& alias, const std::string& name) {
  NetlinkMessage message(RTM_SETLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = ifindex;
  mnl_attr_put_strz(message.header(), IFLA_IFALIAS, alias.c_str());
  return socket.request(message, fmt::format("{}: cannot set the alias \"{}\"", name, alias));
}

void silence_ipv6(NetlinkSocket& socket, int ifindex) {
  NetlinkMessage message(RTM_SETLINK, 0);
  message.put_header<ifinfomsg>()->ifi_index = ifindex;
  auto* families = mnl_attr_nest_start(message.header(), IFLA_AF_SPEC);
  auto* ipv6 = mnl_attr_nest_start(message.header(), AF_INET6);
  mnl_attr_put_u8(message.header(), IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
  mnl_attr_nest_end(message.header(), ipv6);
  mnl_attr_nest_end(message.header(), families);
  (void)socket.request(message, "cannot keep IPv6 quiet");
}

Result<> set_promiscuous(NetlinkSocket& socket, int ifindex, bool on, const std::string& name) {
  return set_flag(socket, ifindex, IFF_PROMISC, on,
                  fmt::format("{}: cannot turn promiscuous mode {}", name, on ? "on" : "off"));
}

}  // namespace weft::kernel
