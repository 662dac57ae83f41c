// Internal devices: an Ethernet device for the host's own stack whose other end is in the switch. It is a veth pair:
// the device by the name that was asked for, and a peer ("weft0", "weft1", ...) that carries the datapath's filter.
// Both work without the daemon, and the device may be moved to another namespace.
//
// A peer is known by its device group. Its alias says for people what it is, and where its device lives in another
// namespace, perhaps by another name, by which name it was made.
#pragma once

#include <optional>

#include "kernel/links.hpp"
#include "model/desired.hpp"

namespace weft::kernel {

bool is_internal_peer(const LinkRecord& record);
// The switch's end of the internal device `record`; null where it is not one.
const LinkRecord* find_internal_peer(const Links& links, const LinkRecord& record);

// The name of the internal device whose end in the switch `record` is, where it lives in another namespace; empty where
// it is not such an end.
std::string away_internal(const LinkRecord& record);

// Made down; the MTU and MAC of `settings` are used where given.
Result<> create_internal(NetlinkSocket& socket, const std::string& device, const model::InternalDevice& settings);
// Both ends go. An error if it is not an internal device of ours.
Result<> delete_internal(NetlinkSocket& socket, const LinkRecord& record);
// Up, silent, and named for people. Changes nothing where that is so already.
Result<> prepare_internal_peer(NetlinkSocket& socket, const LinkRecord& peer, const std::string& device);

}  // namespace weft::kernel
