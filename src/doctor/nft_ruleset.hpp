// Rules as nft(8) prints them with --json (libnftables-json(5)), compared with a tunnel's packet.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "doctor/firewall.hpp"

namespace weft::doctor {

// `text`: of "nft -j list ruleset". What the comparison does not know applies perhaps. Error: the text is no such list.
// `leaves_out_iptables`: tables that iptables-nft(8) keeps, which it shows better itself.
Result<Firewall> read_nft_ruleset(std::string_view text, const TunnelPacket& packet, bool leaves_out_iptables);

}  // namespace weft::doctor
