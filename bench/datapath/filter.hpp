// A program at tc ingress of a device, for benchmarks.
#pragma once

#include <string>

namespace bench {

// Takes the place of whatever is there. It stays after us, and goes with the device.
void attach_at_ingress(int program_fd, const std::string& device);

}  // namespace bench
