#include "vsctl/vsctl.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <fstream>

#include "base/log.hpp"
#include "base/log_options.hpp"
#include "cli/alarm.hpp"
#include "vsctl/command_line.hpp"
#include "vsctl/commit.hpp"
#include "vsctl/completion.hpp"
#include "vsctl/help.hpp"
#include "vsctl/line.hpp"
#include "vsctl/options.hpp"
#include "vsctl/switch_wait.hpp"
#include "vsctl/tokens.hpp"

namespace weft::vsctl {
namespace {

const LogModule log("vsctl");

constexpr int exit_success = 0;
constexpr int exit_error = 1;
constexpr int exit_no_such_bridge = 2;
// The change is committed, but the switch has not taken it up or could not: as newer versions of Open vSwitch.
constexpr int exit_not_set_up = 65;

// ovs-vsctl(8) --oneline: one line a command, even if it printed nothing.
std::string as_one_line(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else {
      out.append(c == '\\' ? 2 : 1, c);
    }
  }
  return out + "\n";
}

// The program that called this one; empty where it cannot be seen.
std::string caller() {
  std::string name;
  std::ifstream file(fmt::format("/proc/{}/comm", ::getppid()));
  std::getline(file, name);
  return name;
}

// What the database's log says of the change: by whom, and how.
std::string comment_of(const std::string& command_line) {
  const auto by = caller();
  auto comment = fmt::format("ovs-vsctl{}: {}", by.empty() ? "" : fmt::format(" (invoked by {})", by), command_line);
  return is_utf8(comment) ? comment : "ovs-vsctl";
}

class Program {
 public:
  Program(const Options& options, std::span<const Command> commands, std::string command_line, std::FILE* out,
          std::FILE* err)
      : options_(options), commands_(commands), command_line_(std::move(command_line)), out_(out), err_(err) {
    remote_ = {.address = options.remote, .retry = options.retry, .tls = options.tls};
    if (options.timeout_seconds) remote_.answer_patience.reset();
  }

  Result<int> run() {
    set_activity("connecting to the database");
    auto session = TRY(Session::open(remote_));
    for (int attempt = 0; attempt < max_attempts;) {
      set_activity("reading the database");
      View view(session.schema(), [&](json::array operations) { return session.read(std::move(operations)); });
      auto line = run_line(commands_, view);
      if (line && line->outcome == Outcome::no_such_bridge) return exit_no_such_bridge;
      if (line && line->outcome == Outcome::not_yet) {
        set_activity("waiting for the condition of wait-until");
        TRY(session.await_change(view.snapshot()));
        continue;
      }
      auto committed =
          line ? commit(session, view, commit_options()) : Result<Committed>(std::unexpected(line.error()));
      if (committed) return finish(session, *line, *committed);
      if (!may_run_again(committed.error())) return std::unexpected(committed.error());
      if (committed.error().tag == "connection lost") session = TRY(Session::open(remote_));
      ++attempt;
    }
    return fail("conflict", fmt::format("gave up after {} attempts: other clients change the same records all the time",
                                        max_attempts));
  }

 private:
  CommitOptions commit_options() const {
    return {comment_of(command_line_), options_.wait_for_switch, options_.dry_run};
  }

  bool may_run_again(const Error& error) const {
    return error.tag == stale || (error.tag == "connection lost" && options_.retry);
  }

  Result<int> finish(Session& session, const LineResult& line, const Committed& committed) {
    for (const auto& [module, text] : line.warnings) module->warning("{}", text);
    print(line, committed);
    return committed.next_cfg ? see_it_set_up(session, committed) : exit_success;
  }

  Result<int> see_it_set_up(Session& session, const Committed& committed) {
    set_activity("waiting for the switch to take the change up");
    Patience patience{.until_told = told_after};
    if (!options_.timeout_seconds) patience.until_end = longest_wait;
    const auto waited = wait_for_switch(session, remote_, *committed.next_cfg, patience, err_);
    if (!waited && waited.error().tag == "timed out") {
      fmt::print(err_, "ovs-vsctl: {}\n", waited.error().details);
      return exit_not_set_up;
    }
    TRY(waited);
    const auto failed = TRY(report_failed_interfaces(session, committed.new_interfaces, err_));
    return failed > 0 ? exit_not_set_up : exit_success;
  }

  void print(const LineResult& line, const Committed& committed) {
    TablePrinter tables(options_.style);
    for (const auto& command : line.commands) {
      auto text = command.output;
      if (command.created) {
        const auto found = committed.final_uuids.find(*command.created);
        text += (found == committed.final_uuids.end() ? *command.created : found->second).to_string() + "\n";
      }
      if (command.table) {
        text += tables.print(*command.table);
      } else if (options_.oneline) {
        text = as_one_line(text);
      }
      std::fwrite(text.data(), 1, text.size(), out_);
    }
    std::fflush(out_);  // Before the wait: what is committed has been said.
  }

  const Options& options_;
  Remote remote_;
  std::span<const Command> commands_;
  std::string command_line_;
  std::FILE* out_;
  std::FILE* err_;
};

// An administrator wants to know of what may change something.
void log_call(std::span<const Command> commands, const std::string& command_line) {
  const bool may_change =
      std::ranges::any_of(commands, [](const Command& each) { return each.syntax->access == Access::changes; });
  if (may_change) {
    log.info("Called as {}", command_line);
  } else {
    log.debug("Called as {}", command_line);
  }
}

// What options ask to print, instead of running commands.
std::optional<std::string> text_asked_for(const Options& options) {
  if (options.action == Options::show_help) return help_text();
  if (options.action == Options::show_version) return version_text();
  if (options.listing == Options::Listing::commands) return commands_text();
  if (options.listing == Options::Listing::options) return options_text();
  return std::nullopt;
}

Result<int> run_program(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  TRY(start_log(LogLevel::warning));
  const auto parsed = TRY(parse_options(arguments));
  if (const auto text = text_asked_for(parsed.options)) {
    std::fwrite(text->data(), 1, text->size(), out);
    return exit_success;
  }
  const auto commands = TRY(parse_commands(parsed.first_command_options, parsed.rest));
  if (parsed.options.timeout_seconds) set_alarm("ovs-vsctl", *parsed.options.timeout_seconds);
  const auto command_line = fmt::format("ovs-vsctl {}", fmt::join(arguments, " "));
  log_call(commands, command_line);
  Program program(parsed.options, commands, command_line, out, err);
  return program.run();
}

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  const auto status = run_program(arguments, out, err);
  if (status) return *status;
  const auto& error = status.error();
  fmt::print(err, "ovs-vsctl: {}{}\n", error.tag == "constraint violation" ? "constraint violation: " : "",
             error.details.empty() ? error.tag : error.details);
  return exit_error;
}

}  // namespace weft::vsctl
