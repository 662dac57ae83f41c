// --user: less than root, with only the capabilities that a server needs.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace weft::daemon {

// `name`: USER, USER:GROUP or :GROUP; what is not named stays, but the group of a user that is named alone. Keeps
// CAP_NET_BIND_SERVICE and CAP_IPC_LOCK; those of a switch are not among them. Errors: no such user or group; not root.
Result<> become_user(std::string_view name);

}  // namespace weft::daemon
