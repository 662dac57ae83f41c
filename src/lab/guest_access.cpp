#include "lab/guest_access.hpp"

#include <sstream>

#include "hosts/console.hpp"
#include "hosts/guest_command.hpp"

namespace weft::lab {
namespace {

constexpr std::string_view program = "weft: ";  // Says who complains, on the machine's host.

}  // namespace

std::vector<std::string> console_words(const Object& machine) {
  return {"weft", hosts::console_word, fact(machine, "console"), fact(machine, "console-log")};
}

std::string guest_script(const Object& machine, std::string_view command) {
  return hosts::guest_script(fact(machine, "console"), fact(machine, "console-log"),
                             {fact(machine, "login"), fact(machine, "password")}, command);
}

Result<std::string> ask_in_guest(const Object& machine, hosts::Place place, std::string_view command) {
  place.lock.clear();  // Nothing is changed.
  auto shell = TRY(hosts::Shell::open(place));
  auto outcome = TRY(shell.run(guest_script(machine, command), hosts::guest_run_limit + hosts::guest_run_limit / 2));
  if (outcome.status != hosts::guest_not_asked) return std::move(outcome.out);
  std::istringstream lines(outcome.err);
  std::string words;
  std::getline(lines, words);
  if (words.starts_with(program)) words.erase(0, program.size());
  return fail("not asked", words.empty() ? "its console does not answer" : words);
}

}  // namespace weft::lab
