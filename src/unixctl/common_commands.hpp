// The commands that every daemon has: list-commands, version, memory/show, and those about its log and its counters.
// Includes Boost.Asio: for few source files.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <map>
#include <string>

#include "unixctl/command_table.hpp"

namespace weft::unixctl {

// What a program holds, by the words of memory/show: "cells", "monitors", ...
using MemoryUsage = std::map<std::string, std::size_t>;

class CommonCommands {
 public:
  // Adds the commands to `table`, and samples the counters in `loop`. `version`: the answer to that command.
  CommonCommands(boost::asio::io_context& loop, CommandTable& table, std::string version,
                 std::function<MemoryUsage()> memory);

 private:
  void sample_counters();
  boost::asio::steady_timer timer_;
};

}  // namespace weft::unixctl
