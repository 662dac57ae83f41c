// The only file of the lab that includes CLI11.
#include "lab/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <functional>

#include "base/near_name.hpp"
#include "cli/word_option.hpp"
#include "lab/help.hpp"

namespace weft::lab {
namespace {

Result<> know_command(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& page : help_pages()) {
    if (!page.command.empty()) names.emplace_back(page.command);
  }
  if (name.starts_with('-') || std::ranges::find(names, name) != names.end()) return {};
  return fail("usage",
              fmt::format("no command \"{}\"{} (weft lab --help tells them)", name, suggest_name(name, names)));
}

// Each command fills in the options of its own; `chosen_` becomes the one that was named.
class Parser {
 public:
  Parser() {
    app_.set_help_flag("");
    app_.require_subcommand(0, 1);
    app_.fallthrough();
    app_.add_flag("-h,--help", wants_help_);
    add_up();
    add_down();
    add_views();
    add_nodes();
    add_files();
  }

  CLI::App& app() { return app_; }

  Result<LabCommand> result() {
    const auto named = app_.get_subcommands();
    const auto name = named.empty() ? std::string() : named.front()->get_name();
    if (wants_help_ || name.empty()) {
      if (!wants_help_) return fail("usage", "which command? (weft lab --help tells them)");
      return Print{std::string(std::ranges::find(help_pages(), name, &HelpPage::command)->text)};
    }
    return chosen_();
  }

 private:
  template <class Command>
  CLI::App* add(const std::string& name, Command& command) {
    auto* one = app_.add_subcommand(name);
    one->set_help_flag("");
    one->callback([this, &command] { chosen_ = [&command] { return Result<LabCommand>(command); }; });
    return one;
  }

  void add_up() {
    auto* up = add("up", up_);
    up->add_option("FILE", up_.file);
    up->add_flag("-n,--dry-run", up_.is_dry);
    up->add_flag("--json", up_.json);
  }

  void add_down() {
    auto* down = add("down", down_);
    down->add_option("LAB", down_.lab);
    down->add_flag("--json", down_.json);
  }

  void add_views() {
    auto* verify = add("verify", verify_);
    verify->add_option("LAB", verify_.lab);
    verify->add_flag("--json", verify_.json);
    auto* status = add("status", status_);
    status->add_option("LAB", status_.lab);
    status->add_flag("-w,--watch", status_.watch);
    status->add_flag("--json", status_.json);
    add("list", list_)->add_flag("--json", list_.json);
  }

  void add_nodes() {
    auto* exec = add("exec", exec_);
    exec->add_option("NODE", exec_.node);
    exec->add_option("--lab", exec_.lab);
    exec->add_option("COMMAND", exec_.words);
    exec->callback([this] {
      chosen_ = [this]() -> Result<LabCommand> {
        if (exec_.words.empty())
          return fail("usage", "exec wants NODE -- COMMAND... (weft lab exec --help has examples)");
        return exec_;
      };
    });
    auto* shell = add("shell", shell_);
    shell->add_option("NODE", shell_.node)->required();
    shell->add_option("--lab", shell_.lab);
    auto* console = add("console", console_);
    console->add_option("VM", console_.node)->required();
    console->add_option("--lab", console_.lab);
    auto* capture = add("capture", capture_);
    capture->add_option("NODE", capture_.node)->required();
    capture->add_option("-w,--write", capture_.file);
    capture->add_option("-i,--interface", capture_.device);
    capture->add_option("--lab", capture_.lab);
  }

  void add_files() {
    add("init", init_)->add_option("FILE", init_.file);
    auto* graph = add("graph", graph_);
    graph->add_option("FILE", graph_.file);
    cli::add_word_option(*graph, "--format", graph_.format, formats_);
    add("schema", schema_);
  }

  CLI::App app_;
  bool wants_help_ = false;
  std::function<Result<LabCommand>()> chosen_;
  UpCommand up_;
  DownCommand down_;
  VerifyCommand verify_;
  StatusCommand status_;
  ListCommand list_;
  ExecCommand exec_;
  ShellCommand shell_;
  ConsoleCommand console_;
  CaptureCommand capture_;
  InitCommand init_;
  GraphCommand graph_;
  SchemaCommand schema_;
  const std::map<std::string, PictureFormat> formats_ = {
      {"text", PictureFormat::text}, {"mermaid", PictureFormat::mermaid}, {"svg", PictureFormat::svg}};
};

}  // namespace

Result<LabCommand> parse_command_line(std::span<const std::string> arguments) {
  if (!arguments.empty()) TRY(know_command(arguments.front()));
  // Help is asked for in front of "--", and whatever else is missing then.
  const auto words = arguments.first(static_cast<std::size_t>(std::ranges::find(arguments, "--") - arguments.begin()));
  if (words.size() == 2 && (words[1] == "--help" || words[1] == "-h")) {
    return Print{std::string(std::ranges::find(help_pages(), words[0], &HelpPage::command)->text)};
  }
  Parser parser;
  try {
    parser.app().parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    const auto named = parser.app().get_subcommands();
    return fail("usage", fmt::format("{} (weft lab {}--help tells what there is)", error.what(),
                                     named.empty() ? "" : named.front()->get_name() + " "));
  }
  return parser.result();
}

}  // namespace weft::lab
