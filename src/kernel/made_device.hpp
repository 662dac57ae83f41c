// Devices that Weft makes and deletes: which of those in our namespace they are, and how each kind is made.
//
// Each is known by the device group of what the switch holds of it (the device itself, or the peer of an internal one),
// which is set in the same request that makes it: a crash leaves no half-made device that nobody knows.
#pragma once

#include "kernel/links.hpp"
#include "kernel/netlink_socket.hpp"
#include "model/desired.hpp"

namespace weft::kernel {

// None: another made it, or it is the switch's own end of one of ours.
std::optional<model::MadeKind> made_kind(const Links& links, const LinkRecord& record);

// Made down.
Result<> create_device(NetlinkSocket& socket, const std::string& device, const model::MadeDevice& settings);
// An error if it is not one of ours; none if it does not exist.
Result<> delete_made_device(NetlinkSocket& socket, const std::string& device);

}  // namespace weft::kernel
