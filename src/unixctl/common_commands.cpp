#include "unixctl/common_commands.hpp"

#include <fmt/format.h>

#include "base/coverage.hpp"
#include "base/log.hpp"
#include "base/log_settings.hpp"

namespace weft::unixctl {
namespace {

using Answer = Result<std::string>;

// Without arguments: all levels to dbg, as -v.
Answer set_log(Arguments specs) {
  if (specs.empty()) TRY(apply_log_spec(""));
  for (const auto& spec : specs) TRY(apply_log_spec(spec));
  return "";
}

Answer set_limits(Arguments modules, bool have_limits) {
  if (modules.empty()) TRY(set_log_limits("", have_limits));
  for (const auto& module : modules) TRY(set_log_limits(module, have_limits));
  return "";
}

Answer read_counter(Arguments arguments) {
  const auto total = Coverage::total_of(arguments[0]);
  if (!total) return fail("no such counter", "No such counter");
  return fmt::to_string(*total);
}

std::string describe(const MemoryUsage& usage) {
  std::string text;
  for (const auto& [what, amount] : usage) text += fmt::format("{}{}:{}", text.empty() ? "" : " ", what, amount);
  return text;
}

}  // namespace

CommonCommands::CommonCommands(boost::asio::io_context& loop, CommandTable& table, std::string version,
                               std::function<MemoryUsage()> memory)
    : timer_(loop) {
  const auto say = [](auto text) { return [text](Arguments) -> Answer { return text(); }; };
  table.add({"list-commands", "", 0, 0, say([&table] { return table.describe(); })});
  table.add({"version", "", 0, 0, say([version = std::move(version)] { return version; })});
  table.add({"memory/show", "", 0, 0, say([memory = std::move(memory)] { return describe(memory()); })});
  table.add({"coverage/show", "", 0, 0, say([] { return Coverage::describe(); })});
  table.add({"coverage/read-counter", "COUNTER", 1, 1, read_counter});
  table.add({"vlog/set", "{spec | PATTERN:destination:pattern}", 0, any_number, set_log});
  table.add({"vlog/list", "", 0, 0, say([] { return describe_log_levels(); })});
  table.add({"vlog/list-pattern", "", 0, 0, say([] { return describe_log_patterns(); })});
  table.add({"vlog/enable-rate-limit", "[module]...", 0, any_number,
             [](Arguments modules) { return set_limits(modules, true); }});
  table.add({"vlog/disable-rate-limit", "[module]...", 0, any_number,
             [](Arguments modules) { return set_limits(modules, false); }});
  table.add({"vlog/close", "", 0, 0, say([] {
               close_log_file();
               return "";
             })});
  table.add({"vlog/reopen", "", 0, 0, [](Arguments) -> Answer {
               TRY(reopen_log_file());
               return "";
             }});
  sample_counters();
}

void CommonCommands::sample_counters() {
  timer_.expires_after(Coverage::interval);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    Coverage::sample();
    sample_counters();
  });
}

}  // namespace weft::unixctl
