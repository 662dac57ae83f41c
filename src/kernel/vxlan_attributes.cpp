#include "kernel/vxlan_attributes.hpp"

#include <arpa/inet.h>
#include <linux/if_link.h>

#include <cstring>

#include "kernel/address_attribute.hpp"
#include "kernel/netlink_socket.hpp"

namespace weft::kernel {
namespace {

constexpr std::uint8_t inherit_tos = 1;  // As the kernel has it: no DSCP, and a bit that ECN would own.

// The kernel tells some flags by the mere attribute, others by its value.
bool is_on(const nlattr* attribute) {
  return mnl_attr_get_payload_len(attribute) == 0 || mnl_attr_get_u8(attribute) != 0;
}

void parse_address(const nlattr* attribute, model::VxlanLink& vxlan) {
  switch (mnl_attr_get_type(attribute)) {
    case IFLA_VXLAN_GROUP6:
    case IFLA_VXLAN_GROUP:
      vxlan.remote = address_of(attribute);
      break;
    case IFLA_VXLAN_LOCAL6:
    case IFLA_VXLAN_LOCAL:
      vxlan.local = address_of(attribute);
      break;
    case IFLA_VXLAN_LINK:
      vxlan.underlay_ifindex = static_cast<int>(mnl_attr_get_u32(attribute));
      break;
    case IFLA_VXLAN_PORT:
      vxlan.dst_port = ntohs(mnl_attr_get_u16(attribute));
      break;
    case IFLA_VXLAN_PORT_RANGE: {
      ifla_vxlan_port_range range{};
      if (mnl_attr_get_payload_len(attribute) < sizeof range) break;
      std::memcpy(&range, mnl_attr_get_payload(attribute), sizeof range);
      vxlan.source_port_low = ntohs(range.low);
      vxlan.source_port_high = ntohs(range.high);
      break;
    }
    default:
      break;
  }
}

// Of which the device's family chooses one, known only at the end.
struct Checksums {
  bool sends_v4 = false, omits_v6 = false;
};

void parse_setting(const nlattr* attribute, model::VxlanLink& vxlan, Checksums& checksums) {
  switch (mnl_attr_get_type(attribute)) {
    case IFLA_VXLAN_ID:
      vxlan.vni = mnl_attr_get_u32(attribute);
      break;
    case IFLA_VXLAN_TOS:
      vxlan.inherits_tos = mnl_attr_get_u8(attribute) == inherit_tos;
      vxlan.tos = vxlan.inherits_tos ? std::uint8_t{0} : mnl_attr_get_u8(attribute);
      break;
    case IFLA_VXLAN_TTL:
      vxlan.ttl = mnl_attr_get_u8(attribute);
      break;
    case IFLA_VXLAN_TTL_INHERIT:
      vxlan.inherits_ttl = is_on(attribute);
      break;
    case IFLA_VXLAN_DF:
      vxlan.df = static_cast<model::VxlanDf>(mnl_attr_get_u8(attribute));
      break;
    case IFLA_VXLAN_LABEL:
      vxlan.flow_label = ntohl(mnl_attr_get_u32(attribute));
      break;
    case IFLA_VXLAN_UDP_CSUM:
      checksums.sends_v4 = is_on(attribute);
      break;
    case IFLA_VXLAN_UDP_ZERO_CSUM6_TX:
      checksums.omits_v6 = is_on(attribute);
      break;
    case IFLA_VXLAN_UDP_ZERO_CSUM6_RX:
      vxlan.takes_zero_checksum_v6 = is_on(attribute);
      break;
    case IFLA_VXLAN_LEARNING:
      vxlan.learns = is_on(attribute);
      break;
    case IFLA_VXLAN_AGEING:
      vxlan.ageing_s = mnl_attr_get_u32(attribute);
      break;
    case IFLA_VXLAN_LIMIT:
      vxlan.most_addresses = mnl_attr_get_u32(attribute);
      break;
    default:
      break;
  }
}

void parse_variant(const nlattr* attribute, model::VxlanLink& vxlan) {
  switch (mnl_attr_get_type(attribute)) {
    case IFLA_VXLAN_COLLECT_METADATA:
      vxlan.is_external = is_on(attribute);
      break;
    case IFLA_VXLAN_VNIFILTER:
      vxlan.has_vni_filter = is_on(attribute);
      break;
    case IFLA_VXLAN_GBP:
      vxlan.has_group_policy = is_on(attribute);
      break;
    case IFLA_VXLAN_GPE:
      vxlan.has_gpe = is_on(attribute);
      break;
    case IFLA_VXLAN_REMCSUM_TX:
    case IFLA_VXLAN_REMCSUM_RX:
      vxlan.has_remote_checksum |= is_on(attribute);
      break;
    default:
      break;
  }
}

void put_changeable(nlmsghdr* message, const model::VxlanDevice& settings) {
  mnl_attr_put_u8(message, IFLA_VXLAN_TOS, settings.inherits_tos ? inherit_tos : settings.tos);
  mnl_attr_put_u8(message, IFLA_VXLAN_TTL, settings.ttl);
  mnl_attr_put_u8(message, IFLA_VXLAN_DF, static_cast<std::uint8_t>(settings.df));
  mnl_attr_put_u8(message, IFLA_VXLAN_LEARNING, 1);
}

}  // namespace

model::VxlanLink parse_vxlan(const nlattr* info_data) {
  model::VxlanLink vxlan;
  Checksums checksums;
  for_each_nested(info_data, [&](const nlattr* attribute) {
    parse_address(attribute, vxlan);
    parse_setting(attribute, vxlan, checksums);
    parse_variant(attribute, vxlan);
  });
  const auto& any_address = vxlan.remote ? vxlan.remote : vxlan.local;
  vxlan.is_ipv6 = any_address && !any_address->is_v4();
  vxlan.sends_checksum = vxlan.is_ipv6 ? !checksums.omits_v6 : checksums.sends_v4;
  return vxlan;
}

void put_vxlan(nlmsghdr* message, const model::VxlanDevice& settings, int underlay_ifindex) {
  const bool is_ipv6 = settings.is_ipv6();
  const auto put_flag = [&](std::uint16_t type, bool on) { mnl_attr_put_u8(message, type, on ? 1 : 0); };
  mnl_attr_put_u32(message, IFLA_VXLAN_ID, settings.vni);
  mnl_attr_put_u16(message, IFLA_VXLAN_PORT, htons(settings.dst_port));
  put_address(message, is_ipv6 ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, *settings.remotes.begin());
  if (settings.local) put_address(message, is_ipv6 ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, *settings.local);
  if (underlay_ifindex != 0) mnl_attr_put_u32(message, IFLA_VXLAN_LINK, static_cast<std::uint32_t>(underlay_ifindex));
  if (settings.inherits_ttl) mnl_attr_put(message, IFLA_VXLAN_TTL_INHERIT, 0, nullptr);
  put_changeable(message, settings);
  put_flag(IFLA_VXLAN_UDP_CSUM, !is_ipv6 && settings.has_checksum);
  put_flag(IFLA_VXLAN_UDP_ZERO_CSUM6_TX, is_ipv6 && !settings.has_checksum);
  put_flag(IFLA_VXLAN_UDP_ZERO_CSUM6_RX, is_ipv6 && !settings.has_checksum);
}

void put_vxlan_change(nlmsghdr* message, const model::VxlanDevice& settings, const model::VxlanLink& present) {
  const bool is_ipv6 = settings.is_ipv6();
  const auto any = is_ipv6 ? IpAddress() : IpAddress(std::array<std::uint8_t, 4>{});
  put_address(message, is_ipv6 ? IFLA_VXLAN_LOCAL6 : IFLA_VXLAN_LOCAL, settings.local.value_or(any));
  if (!present.remote || !settings.remotes.contains(*present.remote)) {
    put_address(message, is_ipv6 ? IFLA_VXLAN_GROUP6 : IFLA_VXLAN_GROUP, *settings.remotes.begin());
  }
  put_changeable(message, settings);
}

}  // namespace weft::kernel
