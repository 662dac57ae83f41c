// A guest's console for people: `weft lab-console SOCKET LOG`, which `weft lab console VM` runs on the machine's host.
#pragma once

#include <string>

namespace weft::hosts {

inline constexpr const char* console_word = "lab-console";
inline constexpr char leave_key = 0x1d;  // Ctrl-]

// Copies between the console and the standard streams until Ctrl-] or the end of the input. A terminal is made raw
// meanwhile. The exit status; what is wrong is told on stderr.
int run_console(const std::string& socket, const std::string& log);

}  // namespace weft::hosts
