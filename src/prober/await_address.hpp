// `weft lab-await-address DEVICE ADDRESS ASKER SETTLE LIMIT`: returns when the guest behind a port has its address. It
// is asked for by ARP or neighbour discovery straight through the port's device on this host, again and again: the one
// question that every guest answers, whatever runs in it, and only while the address is really there.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weft::prober {

inline constexpr const char* await_address_word = "lab-await-address";

// ASKER: in whose name is asked, an address on the same link that nobody has. SETTLE: so many seconds the guest has to
// go on answering. LIMIT: seconds. The exit status: 0 it has the address; 1 it has not, or the device cannot be used,
// which is said on stderr. None where the arguments are others.
std::optional<int> await_address(const std::vector<std::string>& arguments);

}  // namespace weft::prober
