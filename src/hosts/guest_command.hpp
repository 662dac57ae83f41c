// A command in a guest, through its serial console: `weft lab-guest-run SOCKET LOG`, with what to do on standard input:
// a line with the login, one with the password (both empty where the console asks for none), and the command.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "hosts/shell.hpp"

namespace weft::hosts {

inline constexpr const char* guest_run_word = "lab-guest-run";
inline constexpr std::chrono::seconds guest_run_limit{120};

struct Login {
  std::string name = {}, password = {};
};

// Logs in if the console asks for it. Both streams of the command come as `out`. Errors: the guest is silent, wants a
// login it was not given, or refuses it.
Result<Outcome> run_in_guest(const std::string& socket, const std::string& log, const Login& login,
                             std::string_view command, std::chrono::seconds limit);

// The script that runs a command in a guest of the shell's host.
std::string guest_script(const std::string& socket, const std::string& log, const Login& login,
                         std::string_view command);

// What `weft lab-guest-run SOCKET LOG` does. The command's exit status, or:
inline constexpr int guest_not_asked = 255;
int run_guest_command(const std::string& socket, const std::string& log);

// --- parts, for tests

// Text as a terminal would show it, without its control sequences and carriage returns.
std::string plain_text(std::string_view text);
// Where the answer to the question marked `mark` is whole in what the console said: the command's output and status.
std::optional<Outcome> find_answer(std::string_view said, std::string_view mark);
// The line to type.
std::string question(std::string_view command, std::string_view mark);

}  // namespace weft::hosts
