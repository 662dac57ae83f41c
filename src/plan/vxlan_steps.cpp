#include "plan/vxlan_steps.hpp"

namespace weft::plan {
namespace {

using model::Link;
using model::Observed;
using model::VxlanDevice;
using model::VxlanLink;

bool has_same_checksums(const VxlanDevice& wanted, const VxlanLink& present) {
  const bool takes_none = wanted.is_ipv6() && !wanted.has_checksum;
  return present.sends_checksum == wanted.has_checksum && present.takes_zero_checksum_v6 == takes_none;
}

// None: it is not there. 0: any.
std::optional<int> underlay_ifindex(const VxlanDevice& wanted, const Observed& observed) {
  if (wanted.underlay.empty()) return 0;
  const auto link = observed.links.find(wanted.underlay);
  return link == observed.links.end() ? std::nullopt : std::optional(link->second.ifindex);
}

}  // namespace

bool has_underlay(const VxlanDevice& wanted, const Observed& observed) {
  return underlay_ifindex(wanted, observed).has_value();
}

bool must_be_remade(const VxlanDevice& wanted, const Link& link, const Observed& observed) {
  if (!link.vxlan) return true;
  const auto& present = *link.vxlan;
  if (present.vni != wanted.vni || present.dst_port != wanted.dst_port) return true;
  if (present.is_ipv6 != wanted.is_ipv6() || !present.remote) return true;
  if (present.inherits_ttl != wanted.inherits_ttl || !has_same_checksums(wanted, present)) return true;
  const bool is_other_group =
      (wanted.has_group() || present.remote->is_multicast()) && present.remote != *wanted.remotes.begin();
  if (is_other_group) return true;
  // A group needs a device, and where none is asked for it got that of the route.
  const bool may_be_any = wanted.has_group() && wanted.underlay.empty();
  return !may_be_any && underlay_ifindex(wanted, observed) != present.underlay_ifindex;
}

}  // namespace weft::plan
