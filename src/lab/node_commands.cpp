#include "lab/node_commands.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/system_error.hpp"
#include "base/unique_fd.hpp"
#include "lab/capture.hpp"
#include "lab/executor.hpp"
#include "lab/guest_access.hpp"
#include "lab/select.hpp"

namespace weft::lab {
namespace {

using Words = std::vector<std::string>;

hosts::Place place_of(const Node& node) {
  std::vector<Object> objects;
  for (const auto& [id, recorded] : node.record.objects) objects.push_back(recorded.object);
  auto place = places_of(objects, node.lab).at(node.object.id.host);
  place.lock.clear();
  return place;
}

// As run on the node's host.
Result<Words> inside(const Node& node, const Words& command, hosts::Terminal terminal) {
  Words words;
  const auto& name = node.object.id.name;
  switch (node.object.id.kind) {
    case Kind::container:
      words = {"ip", "netns", "exec", name};
      break;
    case Kind::podman:
      for (const auto& word : node.object.facts.at("podman").as_array()) words.emplace_back(word.as_string());
      words.insert(words.end(),
                   {"exec", terminal == hosts::Terminal::yes ? "-it" : "-i", fact(node.object, "podman-name")});
      break;
    case Kind::host:
      break;
    case Kind::machine:
      return Words{"/bin/sh", "-c", guest_script(node.object, hosts::quote(command))};
    default:
      return fail("no such node", fmt::format("{} is no node", name));
  }
  words.insert(words.end(), command.begin(), command.end());
  return words;
}

std::unexpected<Error> become(const Words& words) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments.front(), arguments.data());
  return fail_with_errno("cannot run " + words.front());
}

Result<int> enter_console(const Node& node) {
  return become(TRY(hosts::command_at(place_of(node), console_words(node.object), hosts::Terminal::yes)));
}

Result<> write_to(const std::string& file) {
  if (file.empty()) {
    if (::isatty(STDOUT_FILENO) == 1) {
      return fail("usage", "packets are not for terminals: -w FILE, or `weft lab capture NODE | tcpdump -r -`");
    }
    return {};
  }
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!fd || ::dup2(fd.get(), STDOUT_FILENO) < 0) return fail_with_errno("cannot write " + file);
  return {};
}

std::string device_of(const Node& node) {
  if (node.object.id.kind == Kind::container) return "eth0";
  if (node.object.id.kind != Kind::host) return fact(node.object, "port");
  for (const auto& [id, recorded] : node.record.objects) {
    if (id.kind == Kind::underlay && id.host == node.object.id.host) return id.name;
  }
  return "any";
}

}  // namespace

Result<int> run(const ExecCommand& command) {
  const auto node = TRY(find_node(command.node, command.lab));
  const auto terminal = ::isatty(STDIN_FILENO) == 1 ? hosts::Terminal::yes : hosts::Terminal::no;
  const auto words = TRY(inside(node, command.words, terminal));
  return become(TRY(hosts::command_at(place_of(node), words, terminal)));
}

Result<int> run(const ShellCommand& command) {
  const auto node = TRY(find_node(command.node, command.lab));
  if (node.object.id.kind == Kind::machine) return enter_console(node);
  // bash where there is one, with a prompt that says where one is.
  const auto start = fmt::format(
      "PS1='{} \\w # '; export PS1; if command -v bash >/dev/null; then exec bash --norc -i; else exec sh -i; fi",
      command.node);
  const auto words = TRY(inside(node, {"/bin/sh", "-c", start}, hosts::Terminal::yes));
  return become(TRY(hosts::command_at(place_of(node), words, hosts::Terminal::yes)));
}

Result<int> run(const ConsoleCommand& command) {
  const auto node = TRY(find_node(command.node, command.lab));
  if (node.object.id.kind == Kind::machine) return enter_console(node);
  return fail("no such node", fmt::format("{0} is no VM: `weft lab shell {0}` leads into it", command.node));
}

Result<int> run(const CaptureCommand& command) {
  const auto node = TRY(find_node(command.node, command.lab));
  const auto place = place_of(node);
  const auto device = command.device.empty() ? device_of(node) : command.device;
  const Words ours = {"weft", capture_word, device};
  const Words theirs = {"tcpdump", "-q", "-U", "-i", device, "-w", "-"};
  const auto& chosen = place.is_simulated() ? ours : theirs;
  // Of all others the port is looked at, which stands on the host.
  const auto words = node.object.id.kind == Kind::container ? TRY(inside(node, chosen, hosts::Terminal::no)) : chosen;
  TRY(write_to(command.file));
  return become(TRY(hosts::command_at(place, words, hosts::Terminal::no)));
}

}  // namespace weft::lab
