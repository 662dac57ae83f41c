// How a file of this machine gets to a real host, as a lab's images do: `weft lab-send FILE DESTINATION PATH`.
#pragma once

#include <string>

namespace weft::hosts {

inline constexpr const char* send_word = "lab-send";

// Copies the file through ssh to `path` at `destination`, unless one with the same contents is there. Until it is whole
// it has another name; what did not come whole is not kept. Runs in this process's place; returns, with an exit status,
// only where that cannot be.
int send_file(const std::string& file, const std::string& destination, const std::string& path);

// The script for /bin/sh that does it.
std::string send_script(const std::string& file, const std::string& destination, const std::string& path);

}  // namespace weft::hosts
