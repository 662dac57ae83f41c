#include "inspect/daemon_client.hpp"

#include <fmt/format.h>

#include "base/directories.hpp"
#include "base/pid_file.hpp"
#include "unixctl/target.hpp"

namespace weft::inspect {
namespace {

constexpr std::string_view daemon_name = "weftd";

jsonrpc::Deadline deadline() { return std::chrono::steady_clock::now() + answer_within; }

std::unexpected<Error> not_running(std::string_view why) {
  return fail("not running",
              fmt::format("weftd is not running here ({}); \"weftd --detach\" starts it, and OVS_RUNDIR says where "
                          "another one has its run directory",
                          why));
}

}  // namespace

Result<DaemonClient> DaemonClient::connect() {
  const auto pid_file = fmt::format("{}/{}.pid", run_directory(), daemon_name);
  const auto pid = read_pid_file(pid_file);
  if (!pid) return not_running(fmt::format("{}: {}", pid_file, pid.error().details));
  const auto socket = unixctl::default_socket(run_directory(), daemon_name, *pid);
  auto client = jsonrpc::Client::connect("unix:" + socket, deadline());
  if (!client) {
    return fail(client.error().tag,
                fmt::format("cannot reach weftd, process {}: {}; it lets only root ask", *pid, client.error().details));
  }
  return DaemonClient(*std::move(client));
}

Result<json::value> DaemonClient::ask(const std::string& command, std::span<const std::string> arguments) {
  const auto reply = TRY(client_.exchange(command, json::array(arguments.begin(), arguments.end()), deadline()));
  if (!reply.error.is_null()) {
    std::string text = reply.error.is_string() ? std::string(reply.error.as_string()) : json::serialize(reply.error);
    while (text.ends_with('\n')) text.pop_back();
    if (text.contains("is not a valid command")) {
      return fail("older daemon", fmt::format("the weftd that runs is older than this program, and knows no {}; "
                                              "start it again",
                                              command));
    }
    return fail("refused", std::move(text));
  }
  if (!reply.result.is_string()) return fail("protocol error", "weftd's answer is no text");
  return parse_json(reply.result.as_string());
}

}  // namespace weft::inspect
