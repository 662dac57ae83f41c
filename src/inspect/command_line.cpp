// The only file that includes CLI11.
#include "inspect/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/near_name.hpp"
#include "cli/word_option.hpp"
#include "inspect/help.hpp"

namespace weft::inspect {
namespace {

std::string_view help_of(std::string_view command) {
  return std::ranges::find(help_pages(), command, &HelpPage::command)->text;
}

Result<> know_command(std::string_view name) {
  std::vector<std::string> names = {"doctor", "lab"};  // Which apps/weft.cpp hands to others.
  for (const auto& page : help_pages()) {
    if (!page.command.empty()) names.emplace_back(page.command);
  }
  if (name.starts_with('-') || std::ranges::find(names, name) != names.end()) return {};
  return fail("usage", fmt::format("no command \"{}\"{} (weft --help tells them)", name, suggest_name(name, names)));
}

// CLI11's own help would not tell what a frame is.
struct Parser {
  Parser() {
    app.set_help_flag("");
    app.require_subcommand(0, 1);
    app.fallthrough();
    app.add_flag("-h,--help", wants_help);
    app.add_flag("-V,--version", wants_version);
    // Each command hands its own options over when it was the one.
    auto* status = add("status");
    status->add_flag("--json", json);
    auto* top = add("top");
    top->add_option("where", where);
    top->add_flag("--json", json);
    top->add_flag("--once", once);
    cli::add_word_option(*top, "--by", order, orders);
    auto* drops = add("drops");
    drops->add_option("where", where);
    drops->add_flag("--json", json);
    drops->add_flag("--watch,-w", watch);
    auto* trace = add("trace");
    trace->add_option("BRIDGE", bridge);
    trace->add_option("PORT", port);
    trace->add_option("FRAME", frame);
    trace->add_flag("--json", json);
  }

  CLI::App* add(const std::string& name) {
    auto* command = app.add_subcommand(name);
    command->set_help_flag("");
    return command;
  }

  Result<Command> result() const {
    const auto chosen = app.get_subcommands();
    const auto name = chosen.empty() ? std::string() : chosen.front()->get_name();
    if (wants_version) return Print{fmt::format("weft {}\n", WEFT_VERSION)};
    if (wants_help) return Print{std::string(help_of(name))};
    if (name == "status") return StatusCommand{.json = json};
    if (name == "top") return TopCommand{.where = where, .json = json, .once = once, .order = order};
    if (name == "drops") return DropsCommand{.where = where, .json = json, .watch = watch};
    if (name == "trace") {
      if (frame.empty()) {
        return fail("usage", "trace wants BRIDGE PORT FRAME, the frame in quotes (weft trace --help has examples)");
      }
      return TraceCommand{.bridge = bridge, .port = port, .frame = frame, .json = json};
    }
    return fail("usage", "which command? lab, status, top, drops, trace or doctor (weft --help tells more)");
  }

  CLI::App app;
  bool wants_help = false, wants_version = false, json = false, once = false, watch = false;
  std::string where, bridge, port, frame;
  TopOrder order = TopOrder::bytes;
  const std::map<std::string, TopOrder> orders = {
      {"bytes", TopOrder::bytes}, {"frames", TopOrder::frames}, {"name", TopOrder::name}};
};

}  // namespace

Result<Command> parse_command_line(std::span<const std::string> arguments) {
  if (!arguments.empty()) TRY(know_command(arguments.front()));
  Parser parser;
  try {
    parser.app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    const auto chosen = parser.app.get_subcommands();
    return fail("usage", fmt::format("{} (weft {}--help tells what there is)", error.what(),
                                     chosen.empty() ? "" : chosen.front()->get_name() + " "));
  }
  return parser.result();
}

}  // namespace weft::inspect
