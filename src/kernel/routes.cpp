#include "kernel/routes.hpp"

#include <fmt/format.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "kernel/address_attribute.hpp"
#include "kernel/system_error.hpp"

namespace weft::kernel {
namespace {

Route parse_route(const nlmsghdr* answer) {
  Route route;
  for_each_attribute(answer, sizeof(rtmsg), [&](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == RTA_OIF) route.ifindex = static_cast<int>(mnl_attr_get_u32(attribute));
    if (mnl_attr_get_type(attribute) == RTA_PREFSRC) route.source = address_of(attribute);
    if (mnl_attr_get_type(attribute) != RTA_METRICS) return;
    for_each_nested(attribute, [&](const nlattr* metric) {
      if (mnl_attr_get_type(metric) == RTAX_MTU) route.mtu_bytes = mnl_attr_get_u32(metric);
    });
  });
  if (route.source && route.source->is_unspecified()) route.source = std::nullopt;
  return route;
}

}  // namespace

Result<std::optional<Route>> find_route(NetlinkSocket& socket, const RouteQuery& query) {
  NetlinkMessage message(RTM_GETROUTE, 0);
  auto* header = message.put_header<rtmsg>();
  header->rtm_family = query.to.is_v4() ? AF_INET : AF_INET6;
  header->rtm_dst_len = query.to.is_v4() ? 32 : 128;
  put_address(message.header(), RTA_DST, query.to);
  if (query.from) {
    header->rtm_src_len = header->rtm_dst_len;
    put_address(message.header(), RTA_SRC, *query.from);
  }
  if (query.ifindex != 0) mnl_attr_put_u32(message.header(), RTA_OIF, static_cast<std::uint32_t>(query.ifindex));
  std::optional<Route> found;
  const auto asked =
      socket.query(message, fmt::format("no route to {}", query.to.to_string()), [&](const nlmsghdr* answer) {
        const auto* route = static_cast<const rtmsg*>(mnl_nlmsg_get_payload(answer));
        const bool is_sent =
            route->rtm_type != RTN_UNREACHABLE && route->rtm_type != RTN_BLACKHOLE && route->rtm_type != RTN_PROHIBIT;
        if (is_sent) found = parse_route(answer);
      });
  // The kernel says by many numbers that there is none: unreachable, no address of that kind, refused, ...
  if (!asked && asked.error().tag == no_permission) return std::unexpected(asked.error());
  return found;
}

}  // namespace weft::kernel
