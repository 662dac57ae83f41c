#include "kernel/patch_device.hpp"

#include <fmt/format.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <limits>

#include "kernel/link_change.hpp"

namespace weft::kernel {
namespace {

constexpr std::string_view alias_start = "weft: patch port ";
constexpr std::uint32_t mtu_bytes = std::numeric_limits<std::uint16_t>::max();  // No frame is too big for a wire.

// FNV-1a: the same on every host and after every restart.
std::uint64_t digest(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return value;
}

void put_end(nlmsghdr* message, const std::string& port) {
  mnl_attr_put_strz(message, IFLA_IFNAME, patch_device_name(port).c_str());
  mnl_attr_put_u32(message, IFLA_GROUP, patch_group);
  mnl_attr_put_u32(message, IFLA_MTU, mtu_bytes);
}

Result<> name_end(NetlinkSocket& socket, const std::string& port) {
  const auto end = TRY(read_link(socket, patch_device_name(port)));
  const auto alias = fmt::format("{}{}", alias_start, port);
  TRY(set_alias(socket, end.link.ifindex, alias, port));
  silence_ipv6(socket, end.link.ifindex);
  return {};
}

}  // namespace

bool is_patch_end(const LinkRecord& record) { return record.link.kind == "veth" && record.group == patch_group; }

std::string patch_port(const LinkRecord& record) {
  return record.alias.starts_with(alias_start) ? record.alias.substr(alias_start.size()) : record.name;
}

std::string patch_device_name(const std::string& port) {
  return fmt::format("weft-{:010x}", digest(port) & 0xff'ffff'ffff);
}

Result<> create_patch(NetlinkSocket& socket, const std::string& port, const model::PatchDevice& settings) {
  NetlinkMessage message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  message.put_header<ifinfomsg>();
  auto* header = message.header();
  put_end(header, port);
  auto* link_info = mnl_attr_nest_start(header, IFLA_LINKINFO);
  mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
  auto* data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
  auto* peer = mnl_attr_nest_start(header, VETH_INFO_PEER);
  mnl_nlmsg_put_extra_header(header, sizeof(ifinfomsg));
  put_end(header, settings.peer);
  mnl_attr_nest_end(header, peer);
  mnl_attr_nest_end(header, data);
  mnl_attr_nest_end(header, link_info);
  TRY(socket.request(message, fmt::format("{}: cannot make the patch to {}", port, settings.peer)));
  TRY(name_end(socket, port));
  return name_end(socket, settings.peer);
}

}  // namespace weft::kernel
