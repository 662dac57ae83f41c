// For tests: an Open_vSwitch database in this process, and command lines run against it as ovs-vsctl does.
#pragma once

#include "base/check.hpp"
#include "ovsdb/execution.hpp"
#include "vsctl/command_line.hpp"
#include "vsctl/line.hpp"
#include "vsctl/session.hpp"
#include "vsctl/test_schema.hpp"

namespace weft::vsctl {

class TestDatabase {
 public:
  // Also counts what is asked.
  Transact transact() {
    return [this](json::array operations) -> Result<json::array> {
      ++requests;
      const auto result = ovsdb::execute(database_, operations);
      CHECK(std::holds_alternative<json::array>(result));
      const auto& results = std::get<json::array>(result);
      if (auto error = first_error(results)) return std::unexpected(*std::move(error));
      return results;
    };
  }

  View view() { return View(test_schema(), transact()); }

  // "add-br br0 -- add-port br0 p1", words separated by spaces.
  static std::vector<Command> commands(std::string_view line) {
    std::vector<std::string> words;
    for (std::string_view rest = line; !rest.empty();) {
      const auto end = std::min(rest.find(' '), rest.size());
      words.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    auto parsed = parse_commands({}, words);
    CHECK(parsed);
    return *std::move(parsed);
  }

  // Carries out what the view has changed, under its guards.
  Result<> commit(const View& view) {
    auto operations = view.snapshot().guards();
    for (auto& operation : view.operations()) operations.push_back(std::move(operation));
    TRY(transact()(std::move(operations)));
    return {};
  }

  // Runs and commits the line; what it printed, or "error: ...".
  std::string run(std::string_view line) {
    auto view = this->view();
    const auto result = run_line(commands(line), view);
    if (!result) return "error: " + result.error().details;
    if (const auto done = commit(view); !done) return "error: " + done.error().tag + ": " + done.error().details;
    std::string output;
    for (const auto& command : result->commands) output += command.output;
    return output;
  }

  int requests = 0;

 private:
  ovsdb::Database database_{test_schema(), nullptr};
};

}  // namespace weft::vsctl
