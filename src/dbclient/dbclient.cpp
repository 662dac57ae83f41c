#include "dbclient/dbclient.hpp"

#include <fmt/format.h>

#include "base/log_options.hpp"
#include "cli/alarm.hpp"
#include "dbclient/command.hpp"
#include "dbclient/help.hpp"
#include "dbclient/target.hpp"

namespace weft::dbclient {
namespace {

void write(std::FILE* out, std::string_view text) { std::fwrite(text.data(), 1, text.size(), out); }

Result<const Command*> find_command(std::span<const std::string> rest) {
  if (rest.empty()) return fail("usage", "missing command name; use --help for help");
  const auto found = std::ranges::find(all_commands(), rest.front(), &Command::name);
  if (found == all_commands().end())
    return fail("usage", fmt::format("unknown command '{}'; use --help for help", rest.front()));
  return &*found;
}

Result<> run_program(std::span<const std::string> arguments, std::FILE* out) {
  TRY(start_log(LogLevel::warning));
  const auto [options, rest] = TRY(parse_options(arguments));
  const bool wants_help = options.action == Options::show_help || (!rest.empty() && rest.front() == "help");
  if (options.action == Options::show_version) {
    write(out, version_text());
    return {};
  }
  if (wants_help) {
    write(out, help_text());
    return {};
  }
  const auto* command = TRY(find_command(rest));
  if (options.timeout_seconds) cli::set_alarm("ovsdb-client", *options.timeout_seconds);
  auto target = take_server(std::span(rest).subspan(1));
  Context context(options, target.remote, out);
  if (command->goes_on && options.is_daemon()) context.startup = TRY(daemon::Startup::begin(options.daemon));
  if (command->needs != Needs::server_name) {
    cli::set_activity("connecting to the server");
    context.client = TRY(connect_any(context.remote, options.tls));
  }
  if (command->needs == Needs::database) {
    cli::set_activity("asking for the server's databases");
    const auto names = TRY(context.call("list_dbs", {}));
    context.database = TRY(take_database(names, command->least, target.arguments));
  }
  if (target.arguments.size() < command->least || target.arguments.size() > command->most)
    return fail("usage", fmt::format("invalid syntax for '{}' (use --help for help)", command->name));
  context.arguments = target.arguments;
  cli::set_activity("waiting for the server");
  return command->handler(context);
}

}  // namespace

int run(std::span<const std::string> arguments, std::FILE* out, std::FILE* err) {
  const auto done = run_program(arguments, out);
  if (done) return 0;
  const auto& error = done.error();
  fmt::print(err, "ovsdb-client: {}\n", error.details.empty() ? error.tag : error.details);
  return 1;
}

}  // namespace weft::dbclient
