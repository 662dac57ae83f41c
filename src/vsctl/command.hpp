// A command of the ovs-vsctl language, and what it works with while it runs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "cli/table_output.hpp"
#include "vsctl/symbols.hpp"
#include "vsctl/view.hpp"

namespace weft::vsctl {

using namespace cli;  // The vocabulary of values and tables on the terminal.

enum class Outcome {
  done,
  not_yet,         // wait-until: run the whole line again when the database has changed.
  no_such_bridge,  // br-exists: stop here, exit status 2, nothing is committed.
};

class Context;
using Handler = Result<Outcome> (*)(Context& context);

enum class CommandGroup {
  open_vswitch,
  bridge,
  port,
  interface,
  controller,
  manager,
  ssl,
  auto_attach,
  datapath,
  database,
};

enum class Access { reads, changes };

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

struct CommandSyntax {
  std::string_view name;
  std::size_t min_arguments;
  std::size_t max_arguments;
  // As --commands prints them: each begins with how often it may stand, "!" once, "?" at most once, "*" any number of
  // times, "+" at least once; a "?" inside begins a part that may be left out.
  std::string_view arguments;
  std::string_view options;  // Separated by spaces; one that takes an argument ends in "=".
  Access access;
  CommandGroup group;
  std::string_view summary;
  Handler run;
};

struct Command {
  const CommandSyntax* syntax = nullptr;
  std::map<std::string, std::string, std::less<>> options;  // "--id" -> "@x"
  std::vector<std::string> arguments;

  bool has(std::string_view option) const { return options.contains(option); }
};

// Told once the line has been carried out: it may have to run several times.
struct Warning {
  const LogModule* module;
  std::string text;
};

class Context {
 public:
  Context(const Command& command, View& view, Symbols& symbols) : command_(command), view_(view), symbols_(symbols) {}

  View& view() { return view_; }
  Symbols& symbols() { return symbols_; }
  const std::vector<std::string>& arguments() const { return command_.arguments; }
  const std::string& argument(std::size_t i) const { return command_.arguments[i]; }  // i below min_arguments
  std::optional<std::string> argument_if(std::size_t i) const;
  bool has(std::string_view option) const { return command_.has(option); }
  std::optional<std::string> option(std::string_view name) const;

  void print_line(std::string_view text);
  void warn(const LogModule& module, std::string text) { warnings.push_back({&module, std::move(text)}); }

  // What the command leaves behind.
  std::string output;
  std::optional<Table> table;
  std::optional<Uuid> created;  // Its UUID is printed when the server has given it.
  std::vector<Warning> warnings;

 private:
  const Command& command_;
  View& view_;
  Symbols& symbols_;
};

}  // namespace weft::vsctl
