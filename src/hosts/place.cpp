#include "hosts/place.hpp"

#include "hosts/simulated_host.hpp"
#include "hosts/ssh.hpp"

namespace weft::hosts {

std::string quote(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

std::string quote(const std::vector<std::string>& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + quote(word);
  return line;
}

Result<std::vector<std::string>> command_at(const Place& place, const std::vector<std::string>& command,
                                            Terminal terminal) {
  if (place.is_simulated()) return enter_command(place.directory, command);
  if (place.is_remote()) return ssh_command(place.ssh, quote(command), terminal);
  return command;
}

}  // namespace weft::hosts
