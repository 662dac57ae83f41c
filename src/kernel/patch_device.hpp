// Patch ports: a wire between two of them is a veth pair in our namespace, whose ends carry the datapath's filter each.
//
// The names of patch ports may be longer than the kernel's: an end is called "weft-" and a digest of its port's name,
// and its alias tells the name. It is known by a device group of its own.
#pragma once

#include <optional>
#include <string>

#include "kernel/links.hpp"
#include "model/desired.hpp"

namespace weft::kernel {

inline constexpr std::uint32_t patch_group = 0x77656670;  // "wefp" (ip-link(8), "group").

bool is_patch_end(const LinkRecord& record);
// Of an end: the port's name. One that has none yet was left half made, and bears the kernel's.
std::string patch_port(const LinkRecord& record);
// What the kernel calls the end of the port.
std::string patch_device_name(const std::string& port);

// Both ends, down.
Result<> create_patch(NetlinkSocket& socket, const std::string& port, const model::PatchDevice& settings);

}  // namespace weft::kernel
