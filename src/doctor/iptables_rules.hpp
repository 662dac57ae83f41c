// Rules as iptables-save(8) prints them, compared with a tunnel's packet.
#pragma once

#include <string_view>

#include "doctor/firewall.hpp"

namespace weft::doctor {

// `text`: of iptables-save or ip6tables-save. Lines that are not understood count as rules that apply perhaps.
Firewall read_iptables(std::string_view text, const TunnelPacket& packet);

}  // namespace weft::doctor
