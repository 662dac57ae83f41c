// ovs-appctl: asks a running daemon through its control socket, as ovs-appctl(8) tells. Exit status: 0; 1 when it could
// not ask; 2 when the daemon answered with an error.
#include <getopt.h>

#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "base/compatibility.hpp"
#include "base/log.hpp"
#include "base/log_options.hpp"
#include "base/program_options.hpp"
#include "cli/alarm.hpp"
#include "cli/common_options.hpp"
#include "jsonrpc/client.hpp"
#include "unixctl/target.hpp"

namespace weft {
namespace {

const LogModule log("unixctl");

constexpr int could_not_ask = 1;
constexpr int answered_with_an_error = 2;
constexpr jsonrpc::Deadline no_deadline;  // There is the alarm.

enum Id { id_help = 'h', id_version = 'V', id_target = 't', id_execute = 'e', id_timeout = 'T' };

constexpr option own_options[] = {
    {"target", required_argument, nullptr, id_target},   {"execute", no_argument, nullptr, id_execute},
    {"timeout", required_argument, nullptr, id_timeout}, {"help", no_argument, nullptr, id_help},
    {"version", no_argument, nullptr, id_version},
};
constexpr const char* short_options = "hVt:eT:v::";

constexpr std::string_view help = R"(ovs-appctl - asks a running daemon.

Usage: ovs-appctl [OPTION]... COMMAND [ARGUMENT]...
  -t, --target=TARGET the daemon: its name, as that of its pid file in OVS_RUNDIR,
                      or the absolute path of its control socket
                      (default: ovs-vswitchd; weftd is there under that name, too)
  -e, --execute       accepted; it is what happens anyway
  -T, --timeout=SECS  wait no longer (default: OVS_CTL_TIMEOUT, or for ever)
)";
constexpr std::string_view help_of_the_rest = R"(  -h, --help          this text
  -V, --version       the version

Commands of every daemon: list-commands, version, exit, memory/show, coverage/show,
vlog/list, vlog/set [SPEC]..., vlog/list-pattern, vlog/reopen, vlog/close.
list-commands tells those of the one that runs.

Examples:
  ovs-appctl fdb/show lu-br0                what the bridge has learned
  ovs-appctl vlog/set bridge:file:dbg       log more of one thing
  ovs-appctl -t ovsdb-server ovsdb-server/compact
)";

struct Options {
  std::string target = "ovs-vswitchd";
  std::optional<unsigned> timeout_seconds;
  enum Action { ask, show_help, show_version } action = ask;
  std::vector<std::string> command;
};

int complain(std::string_view what) {
  fmt::print(stderr, "ovs-appctl: {}\n", what);
  return could_not_ask;
}

Result<Options> parse(std::span<const std::string> arguments) {
  Options options{.timeout_seconds = TRY(cli::timeout_from_environment()), .command = {}};
  const auto apply = [&](int id, const char* argument) -> Result<> {
    if (TRY(apply_log_option(id, argument))) return {};
    if (id == id_target) options.target = argument;
    if (id == id_help) options.action = Options::show_help;
    if (id == id_version) options.action = Options::show_version;
    if (id == id_timeout) options.timeout_seconds = TRY(cli::parse_timeout(argument, "-T or --timeout"));
    return {};
  };
  options.command = TRY(read_options(arguments, join_options({own_options, log_options()}), short_options,
                                     OptionsEnd::first_argument, apply));
  if (options.command.empty() && options.action == Options::ask) {
    return fail("usage", "at least one non-option argument is required (use --help for help)");
  }
  return options;
}

// What the connection's errors say behind the name of the peer.
std::string_view reason_in(const Error& error, std::string_view remote) {
  std::string_view details = error.details;
  if (details.starts_with(remote) && details.substr(remote.size()).starts_with(": ")) {
    details.remove_prefix(remote.size() + 2);
  }
  return details;
}

std::string text_of(const json::value& value) {
  const auto* text = value.if_string();
  return text ? std::string(*text) : json::serialize(value);
}

int ask(const Options& options) {
  const auto socket = unixctl::find_socket(options.target);
  if (!socket) return complain(socket.error().details);
  const auto remote = "unix:" + *socket;
  auto client = jsonrpc::Client::connect(remote, no_deadline);
  if (!client) {
    log.warning("failed to connect to {}", *socket);
    return complain(fmt::format("cannot connect to \"{}\" ({})", *socket, reason_in(client.error(), remote)));
  }
  const auto& command = options.command;
  const auto reply = client->exchange(command.front(), json::array(command.begin() + 1, command.end()), no_deadline);
  if (!reply) {
    const auto reason = reason_in(reply.error(), remote);
    log.warning("error communicating with {}: {}", remote, reason);
    return complain(fmt::format("{}: transaction error ({})", options.target, reason));
  }
  if (!reply->error.is_null()) {
    std::fputs(text_of(reply->error).c_str(), stderr);
    complain(fmt::format("{}: server returned an error", options.target));
    return answered_with_an_error;
  }
  std::fputs(text_of(reply->result).c_str(), stdout);
  return EXIT_SUCCESS;
}

int main_of_ovs_appctl(std::span<const std::string> arguments) {
  if (const auto started = start_log(LogLevel::info); !started) return complain(started.error().details);
  const auto options = parse(arguments);
  if (!options) return complain(options.error().details);
  if (options->action == Options::show_help) {
    fmt::print("{}{}{}", help, log_options_help, help_of_the_rest);
    return EXIT_SUCCESS;
  }
  if (options->action == Options::show_version) {
    fmt::print("ovs-appctl (Open vSwitch) {}\nWeft {}\n", compatible_ovs_version, WEFT_VERSION);
    return EXIT_SUCCESS;
  }
  if (options->timeout_seconds) cli::set_alarm("ovs-appctl", *options->timeout_seconds);
  cli::set_activity("waiting for the daemon");
  return ask(*options);
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  return weft::main_of_ovs_appctl(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
}
