// A virtual machine without the machine: what qemu's virtio-net does between a guest's network device and a tap of the
// host, done between two taps, the guest's being eth0 of a network namespace. With checksum and segmentation offload,
// as guests have it.
#pragma once

#include <string>

#include "endpoint.hpp"

namespace bench {

// Makes both taps, says "ready" on the standard output, and copies frames in both directions until the standard input
// ends. The taps end with it.
void relay(const Endpoint& host, const std::string& tap, const Endpoint& guest);

}  // namespace bench
