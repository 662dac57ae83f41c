// What a host's maker and its first process agree on.
//
// The maker clones the init into its namespaces; the init locks a file in the host's directory, mounts, says "ready" or
// what is wrong, and waits for the maker to have heard it. Until then it dies with its maker; afterwards it is found by
// its lock. So at no moment is there an init that nobody would find.
#pragma once

#include <string>

#include "base/error.hpp"

namespace weft::hosts {

// Descriptors that the init is started with, beside the standard streams.
inline constexpr int init_lock_fd = 3;    // DIRECTORY/init.lock, locked by the init (fcntl(2), so that it is found).
inline constexpr int init_socket_fd = 4;  // To its maker.

inline constexpr char init_is_ready = '+';  // Else the text of what is wrong.
inline constexpr char maker_has_heard = '!';

inline std::string init_lock_path(const std::string& directory) { return directory + "/init.lock"; }

// Gives the host, in whose namespaces the calling process already is, its mounts, its name and its `lo`.
Result<> furnish(const std::string& directory, const std::string& name);

}  // namespace weft::hosts
