// Reasons that can be seen without sending anything: first the two endpoints, then the way between.
#include "lab/verify_rules.hpp"

namespace weft::lab {
namespace {

// Last: what keeps its questions from the switch is the better reason.
std::optional<Reason> guest_has_no_address(const Case& open) {
  return at_either_end(open, [&](const End& end) -> std::optional<Reason> {
    const auto* port = end.endpoint->is_guest && end.view != nullptr ? end.view->port(end.member->port) : nullptr;
    const bool is_served = open.network->has_dhcp && end.host->switch_kind == topology::SwitchKind::weft;
    if (port == nullptr || !is_served || open.failing != Failing::everything || !port->guest_address.empty())
      return std::nullopt;
    return Reason{fmt::format("the guest {} has no address: it has not asked for one by DHCP", on(end)), "this machine",
                  fmt::format("weft lab console {}", end.endpoint->name)};
  });
}

constexpr std::array rules{Rule{reason_at_endpoints}, Rule{reason_on_the_way}, Rule{guest_has_no_address}};

}  // namespace

std::optional<Reason> reason_at_sight(const Case& open) { return first_reason(rules, open); }

}  // namespace weft::lab
