#include "vsctl/line.hpp"

#include <fmt/format.h>

namespace weft::vsctl {
namespace {

const LogModule log("vsctl");

Result<> make_first_row(View& view) {
  const auto rows = TRY(view.select({.table = "Open_vSwitch"}));
  if (rows.empty()) TRY(view.insert("Open_vSwitch"));
  return {};
}

// A row with a name that nobody used is collected at the commit, unless its table is a root.
void warn_of_unused_rows(std::span<const Command> commands, const View& view, const Symbols& symbols,
                         const std::vector<CommandResult>& results, std::vector<Warning>& warnings) {
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto id = commands[i].options.find("--id");
    if (!results[i].created || id == commands[i].options.end()) continue;
    const auto referenced = symbols.referenced(id->second);
    if (referenced == Symbols::Strength::strong) continue;
    const auto is_root_row = [&](const auto& table) {
      return table.is_root && view.is_inserted(table.name, *results[i].created);
    };
    if (std::ranges::any_of(view.schema().tables, is_root_row)) continue;
    warnings.push_back(
        {&log, fmt::format("row id \"{}\" was created but {} reference to it was inserted, so it will not "
                           "actually appear in the database",
                           id->second, referenced ? "only a weak" : "no")});
  }
}

}  // namespace

Result<LineResult> run_line(std::span<const Command> commands, View& view) {
  LineResult line;
  Symbols symbols;
  TRY(make_first_row(view));
  for (const auto& command : commands) {
    Context context(command, view, symbols);
    line.outcome = TRY(command.syntax->run(context));
    if (line.outcome != Outcome::done) return line;
    line.warnings.insert(line.warnings.end(), context.warnings.begin(), context.warnings.end());
    line.commands.push_back({std::move(context.output), std::move(context.table), context.created});
  }
  TRY(symbols.check_complete());
  warn_of_unused_rows(commands, view, symbols, line.commands, line.warnings);
  return line;
}

}  // namespace weft::vsctl
