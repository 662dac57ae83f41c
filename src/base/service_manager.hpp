// Tells the service manager how the service is: the protocol of sd_notify(3), which is one datagram to the socket that
// the environment names. Without a service manager nothing happens.
#pragma once

#include <string_view>

namespace weft {

// "READY=1", "STOPPING=1". A manager that does not listen is its own trouble: a failure is logged.
void notify_service_manager(std::string_view state);

}  // namespace weft
