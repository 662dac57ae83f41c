// One run of a command line: its commands one after the other over one View. Nothing is printed and nothing is
// committed here: a line may have to run again.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "vsctl/command.hpp"

namespace weft::vsctl {

struct CommandResult {
  std::string output;
  std::optional<Table> table;
  std::optional<Uuid> created;  // A row of the View's, whose final UUID is to be printed.
};

struct LineResult {
  Outcome outcome = Outcome::done;
  std::vector<CommandResult> commands;
  std::vector<Warning> warnings;
};

// Begins by making the database's first row if there is none, as every line does.
Result<LineResult> run_line(std::span<const Command> commands, View& view);

}  // namespace weft::vsctl
