// Where a host of the lab is, and how a command is run there with this process's own streams.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace weft::hosts {

// With neither directory nor ssh: this machine itself.
struct Place {
  std::string name = {};       // The host's, for messages.
  std::string directory = {};  // Of a simulated host: what hosts::SimulatedHost was started with.
  std::string ssh = {};        // Of a real host: what ssh(1) takes, "user@address" or "ssh://user@address:port".
  // A file on the host, there while a shell is open: shells with the same one are open one at a time, and the next
  // waits for the end of what the one before has left running, also where that was killed. Empty: as many as you like.
  std::string lock = {};

  bool is_simulated() const { return !directory.empty(); }
  bool is_remote() const { return !ssh.empty(); }
  bool operator==(const Place&) const = default;
};

// One word for /bin/sh that stands for exactly this text.
std::string quote(std::string_view text);
std::string quote(const std::vector<std::string>& words);  // Separated by spaces.

enum class Terminal : unsigned char { no, yes };

// The argument vector that runs `command` at the place, for what people talk to: its streams are the caller's own. On
// real hosts it gets a terminal if asked. Error: the simulated host does not run.
Result<std::vector<std::string>> command_at(const Place& place, const std::vector<std::string>& command,
                                            Terminal terminal = Terminal::no);

}  // namespace weft::hosts
